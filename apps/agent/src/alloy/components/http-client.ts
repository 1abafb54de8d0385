import { boolean, listOf, mapOf, oneOf, secret, text } from "../decode.ts";
import { block, idle, maybe, optional, schema } from "../schema.ts";
import type { HttpClientConfig, TlsClientConfig } from "../../push/client-config.ts";

const tlsVersions = { TLS10: "TLSv1", TLS11: "TLSv1.1", TLS12: "TLSv1.2", TLS13: "TLSv1.3" } as const;

export const tlsSchema = schema({
  attributes: {
    ca_file: optional(text, ""),
    ca_pem: optional(secret, ""),
    cert_file: optional(text, ""),
    cert_pem: optional(secret, ""),
    key_file: optional(text, ""),
    key_pem: optional(secret, ""),
    server_name: optional(text, ""),
    insecure_skip_verify: optional(boolean, false),
    min_version: maybe(oneOf("TLS10", "TLS11", "TLS12", "TLS13")),
  },
  check: (args) => {
    for (const name of ["ca", "cert", "key"] as const)
      if (args[`${name}_file`] !== "" && args[`${name}_pem`] !== "")
        throw new Error(`at most one of ${name}_file and ${name}_pem must be configured`);
  },
});

type TlsArgs = NonNullable<Parameters<NonNullable<typeof tlsSchema.check>>[0]>;

const basicAuth = schema({
  attributes: {
    username: optional(text, ""),
    password: optional(secret, ""),
    password_file: optional(text, ""),
  },
  check: ({ password, password_file: file }) => {
    if (password !== "" && file !== "")
      throw new Error("at most one of basic_auth password & password_file must be configured");
  },
});

const authorization = schema({
  attributes: {
    type: optional(text, "Bearer"),
    credentials: optional(secret, ""),
    credentials_file: optional(text, ""),
  },
});

const oauth2 = schema({
  attributes: {
    client_id: optional(text, ""),
    client_secret: optional(secret, ""),
    client_secret_file: optional(text, ""),
    scopes: optional(listOf(text), []),
    token_url: optional(text, ""),
    endpoint_params: optional(mapOf(text), new Map<string, string>()),
    proxy_url: idle(optional(text, "")),
    no_proxy: idle(optional(text, "")),
    proxy_from_environment: idle(optional(boolean, false)),
  },
  blocks: { tls_config: idle(block(tlsSchema)) },
});

/** Attributes of whatever speaks HTTP to a server. */
export const httpAttributes = {
  bearer_token: optional(secret, ""),
  bearer_token_file: optional(text, ""),
  proxy_url: optional(text, ""),
  no_proxy: idle(optional(text, "")),
  proxy_from_environment: idle(optional(boolean, false)),
  proxy_connect_header: idle(optional(mapOf(listOf(secret)), new Map<string, string[]>())),
  http_headers: optional(mapOf(listOf(secret)), new Map<string, string[]>()),
  follow_redirects: optional(boolean, true),
  enable_http2: optional(boolean, true),
};

export const httpBlocks = {
  basic_auth: block(basicAuth),
  authorization: block(authorization),
  oauth2: block(oauth2),
  tls_config: block(tlsSchema),
};

const whole = schema({ attributes: httpAttributes, blocks: httpBlocks });
export type HttpArgs = NonNullable<Parameters<NonNullable<typeof whole.check>>[0]>;

/** Throws where a client would have two ways to identify itself. */
export function checkHttp(args: HttpArgs): void {
  const { bearer_token: token, bearer_token_file: file } = args;
  if (token !== "" && file !== "")
    throw new Error("at most one of bearer_token & bearer_token_file must be configured");
  const ways = [args.basic_auth, args.authorization, args.oauth2, token || file || undefined];
  if (ways.filter((way) => way !== undefined).length > 1)
    throw new Error(
      "at most one of basic_auth, authorization, oauth2, bearer_token & bearer_token_file must be configured",
    );
}

const filled = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));

/** As clients take it. */
export function httpConfig(args: HttpArgs, headers: ReadonlyMap<string, string> = new Map()): HttpClientConfig {
  const { basic_auth: basic, authorization: auth, oauth2: oauth, tls_config: tls } = args;
  const bearer = {
    type: "Bearer",
    credentials: args.bearer_token,
    ...filled({ credentialsFile: args.bearer_token_file }),
  };
  const repeated = Array.from(args.http_headers, ([name, values]) => [name, values.join(", ")] as const);
  return {
    headers: Object.fromEntries([...headers, ...repeated]),
    followRedirects: args.follow_redirects,
    ...filled({ proxyUrl: args.proxy_url }),
    ...(basic && {
      basicAuth: {
        username: basic.username,
        password: basic.password,
        ...filled({ passwordFile: basic.password_file }),
      },
    }),
    ...(auth && {
      authorization: {
        type: auth.type,
        credentials: auth.credentials,
        ...filled({ credentialsFile: auth.credentials_file }),
      },
    }),
    ...(args.bearer_token !== "" || args.bearer_token_file !== "" ? { authorization: bearer } : {}),
    ...(oauth && {
      oauth2: {
        clientId: oauth.client_id,
        clientSecret: oauth.client_secret,
        ...filled({ clientSecretFile: oauth.client_secret_file }),
        scopes: oauth.scopes,
        tokenUrl: oauth.token_url,
        endpointParams: Object.fromEntries(oauth.endpoint_params),
      },
    }),
    ...(tls && { tls: tlsConfig(tls) }),
  };
}

export function tlsConfig(tls: TlsArgs): TlsClientConfig {
  const texts = {
    ca: tls.ca_pem,
    caFile: tls.ca_file,
    cert: tls.cert_pem,
    certFile: tls.cert_file,
    key: tls.key_pem,
    keyFile: tls.key_file,
    serverName: tls.server_name,
  };
  const version = tls.min_version && { minVersion: tlsVersions[tls.min_version] };
  return { ...filled(texts), insecureSkipVerify: tls.insecure_skip_verify, ...version };
}
