import { timingSafeEqual } from "node:crypto";
import { clientAuths, type TlsServerConfig } from "../config/agent-config.ts";
import { boolean, listOf, oneOf, secret, text } from "./decode.ts";
import { block, idle, optional, required, requiredBlock, type Schema, schema } from "./schema.ts";

/** TLS of a listener. */
export const listenerTlsSchema = schema({
  attributes: {
    cert_file: optional(text, ""),
    cert_pem: optional(text, ""),
    key_file: optional(text, ""),
    key_pem: optional(secret, ""),
    client_ca_file: optional(text, ""),
    client_ca_pem: optional(text, ""),
    client_auth_type: optional(oneOf("", ...clientAuths), ""),
    cipher_suites: idle(optional(listOf(text), [])),
    curve_preferences: idle(optional(listOf(text), [])),
    min_version: idle(optional(text, "")),
    max_version: idle(optional(text, "")),
  },
  check: (args) => {
    for (const name of ["cert", "key", "client_ca"] as const)
      if (args[`${name}_file`] !== "" && args[`${name}_pem`] !== "")
        throw new Error(`cannot specify both ${name}_file and ${name}_pem`);
    for (const name of ["cert", "key"] as const)
      if (args[`${name}_file`] === "" && args[`${name}_pem`] === "")
        throw new Error(`a listener with TLS needs a ${name}`);
  },
});
type ListenerTlsArgs = typeof listenerTlsSchema extends Schema<infer T> ? T : never;

/** As listeners take it. */
export function listenerTlsOf(args: ListenerTlsArgs | undefined): TlsServerConfig | undefined {
  if (args === undefined) return undefined;
  const pems = { cert: args.cert_pem, key: args.key_pem, ca: args.client_ca_pem };
  return {
    certFile: args.cert_file,
    keyFile: args.key_file,
    caFile: args.client_ca_file,
    ...(args.client_auth_type !== "" ? { clientAuth: args.client_auth_type } : {}),
    given: Object.fromEntries(Object.entries(pems).filter(([, pem]) => pem !== "")),
  };
}

/** The `http` block: TLS of the agent's own pages, and who may see them. */
export const httpSchema = schema({
  blocks: {
    tls: block(listenerTlsSchema),
    auth: block(
      schema({
        blocks: {
          basic: requiredBlock(schema({ attributes: { username: required(text), password: required(secret) } })),
          filter: block(
            schema({
              attributes: { paths: optional(listOf(text), []), authenticate_matching_paths: optional(boolean, true) },
            }),
          ),
        },
      }),
    ),
  },
});
export type HttpSettings = typeof httpSchema extends Schema<infer T> ? T : never;

/** Whether a request may be answered: by its path it needs no password, or it has the right one. */
export function mayAsk({ auth }: HttpSettings, path: string, authorization: string | undefined): boolean {
  if (auth === undefined) return true;
  const { basic, filter } = auth;
  const isListed = filter?.paths.some((prefix) => path.startsWith(prefix)) ?? true;
  if (filter && isListed !== filter.authenticate_matching_paths) return true;
  const expected = Buffer.from(`${basic!.username}:${basic!.password}`);
  const given = Buffer.from(/^basic (.*)$/i.exec(authorization ?? "")?.[1] ?? "", "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
