import type { HttpClientConfig, TlsClientConfig } from "../push/client-config.ts";
import { clientAuths, type TlsServerConfig } from "./agent-config.ts";
import type { Fields, YamlNode } from "./yaml-node.ts";

const tlsVersions = { TLS10: "TLSv1", TLS11: "TLSv1.1", TLS12: "TLSv1.2", TLS13: "TLSv1.3" } as const;

/** Credentials, TLS and proxy of an HTTP client, taken from the fields of the block that has them. */
export function takeHttpClient(fields: Fields): HttpClientConfig {
  const basicAuth = fields.take("basic_auth");
  const authorization = fields.take("authorization");
  const oauth2 = fields.take("oauth2");
  const token = fields.text("bearer_token");
  const tokenFile = fields.text("bearer_token_file");
  const kinds = [basicAuth, authorization, oauth2, token || tokenFile || undefined].filter(
    (kind) => kind !== undefined,
  );
  if (kinds.length > 1)
    throw fields.node.error(
      "at most one of basic_auth, oauth2, authorization, bearer_token & bearer_token_file must be configured",
    );
  if (token && tokenFile) throw fields.node.error("at most one of bearer_token & bearer_token_file must be configured");
  const tls = fields.take("tls_config");
  const proxyUrl = fields.text("proxy_url");
  const headers = { ...Object.fromEntries(fields.textMap("headers")), ...takeHttpHeaders(fields) };
  fields.ignore("no_proxy", "proxy_from_environment", "proxy_connect_header", "enable_http2");
  return {
    ...(basicAuth ? { basicAuth: readBasicAuth(basicAuth) } : {}),
    ...(authorization ? { authorization: readAuthorization(authorization) } : {}),
    ...(token || tokenFile
      ? { authorization: { type: "Bearer", credentials: token, ...(tokenFile ? { credentialsFile: tokenFile } : {}) } }
      : {}),
    ...(oauth2 ? { oauth2: readOauth2(oauth2) } : {}),
    ...(tls ? { tls: readTlsClient(tls) } : {}),
    ...(proxyUrl ? { proxyUrl } : {}),
    headers,
    followRedirects: fields.boolean("follow_redirects", true),
  };
}

function takeHttpHeaders(fields: Fields): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, node] of fields.take("http_headers")?.entries() ?? [])
    node.fields((one) => {
      const values = [...one.texts("values"), ...one.texts("secrets")];
      one.ignore("files");
      headers[name] = values.join(", ");
    });
  return headers;
}

const readBasicAuth = (node: YamlNode): NonNullable<HttpClientConfig["basicAuth"]> =>
  node.fields((fields) => {
    const usernameFile = fields.text("username_file");
    const passwordFile = fields.text("password_file");
    fields.ignore("username_ref", "password_ref");
    return {
      username: fields.text("username"),
      password: fields.text("password"),
      ...(usernameFile ? { usernameFile } : {}),
      ...(passwordFile ? { passwordFile } : {}),
    };
  });

const readAuthorization = (node: YamlNode): NonNullable<HttpClientConfig["authorization"]> =>
  node.fields((fields) => {
    const credentialsFile = fields.text("credentials_file");
    fields.ignore("credentials_ref");
    return {
      type: fields.text("type", "Bearer"),
      credentials: fields.text("credentials"),
      ...(credentialsFile ? { credentialsFile } : {}),
    };
  });

const readOauth2 = (node: YamlNode): NonNullable<HttpClientConfig["oauth2"]> =>
  node.fields((fields) => {
    const clientSecretFile = fields.text("client_secret_file");
    fields.ignore(
      "tls_config",
      "proxy_url",
      "no_proxy",
      "proxy_from_environment",
      "proxy_connect_header",
      "client_secret_ref",
    );
    return {
      clientId: fields.text("client_id"),
      clientSecret: fields.text("client_secret"),
      ...(clientSecretFile ? { clientSecretFile } : {}),
      scopes: fields.texts("scopes"),
      tokenUrl: fields.text("token_url"),
      endpointParams: Object.fromEntries(fields.textMap("endpoint_params")),
    };
  });

function readTlsClient(node: YamlNode): TlsClientConfig {
  return node.fields((fields) => {
    const texts = {
      ca: fields.text("ca"),
      caFile: fields.text("ca_file"),
      cert: fields.text("cert"),
      certFile: fields.text("cert_file"),
      key: fields.text("key"),
      keyFile: fields.text("key_file"),
      serverName: fields.text("server_name"),
    };
    const version = (name: string): (typeof tlsVersions)[keyof typeof tlsVersions] | undefined => {
      const text = fields.text(name);
      if (text !== "" && !(text in tlsVersions)) throw node.error(`unknown TLS version: ${text}`);
      return tlsVersions[text as keyof typeof tlsVersions];
    };
    const [minVersion, maxVersion] = [version("min_version"), version("max_version")];
    const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
    return {
      ...given,
      insecureSkipVerify: fields.boolean("insecure_skip_verify"),
      ...(minVersion ? { minVersion } : {}),
      ...(maxVersion ? { maxVersion } : {}),
    };
  });
}

/** The TLS block of a listener. */
export function readTlsServer(node: YamlNode): TlsServerConfig {
  return node.fields((fields) => {
    const caFile = fields.text("client_ca_file") || fields.text("ca_file");
    fields.ignore("insecure_skip_verify", "server_name", "min_version", "cipher_suites");
    const files = {
      certFile: fields.text("cert_file"),
      keyFile: fields.text("key_file"),
      ...(caFile ? { caFile } : {}),
    };
    const asked = fields.text("client_auth_type");
    const clientAuth = clientAuths.find((known) => known === asked);
    if (asked !== "" && clientAuth === undefined) throw node.error(`Invalid ClientAuth value: ${asked}`);
    return { ...files, ...(clientAuth ? { clientAuth } : {}) };
  });
}
