import type { PushApiConfig } from "../../config/agent-config.ts";
import { serverDefaults } from "../../config/server.ts";
import type { ComponentKind } from "../component.ts";
import { boolean, duration, integer, mapOf, size, text } from "../decode.ts";
import { listenerTlsOf, listenerTlsSchema } from "../http-settings.ts";
import { receivers, rulesOf } from "../receiver.ts";
import { block, idle, maybe, optional, required, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { SimpleSource } from "./simple-source.ts";

const serverTimeouts = {
  conn_limit: idle(optional(integer, 0)),
  server_read_timeout: idle(optional(duration, 30_000)),
  server_write_timeout: idle(optional(duration, 30_000)),
  server_idle_timeout: idle(optional(duration, 120_000)),
};

const apiSchema = schema({
  attributes: {
    forward_to: required(receivers),
    relabel_rules: maybe(rulesOf),
    labels: optional(mapOf(text), new Map<string, string>()),
    use_incoming_timestamp: optional(boolean, false),
    max_send_message_size: optional(size, 100 * 1024 * 1024),
    graceful_shutdown_timeout: idle(optional(duration, 30_000)),
  },
  blocks: {
    http: block(
      schema({
        attributes: {
          listen_address: optional(text, ""),
          listen_port: optional(integer, 8080),
          ...serverTimeouts,
        },
        blocks: { tls: block(listenerTlsSchema) },
      }),
    ),
    grpc: idle(
      block(
        schema({
          attributes: {
            listen_address: optional(text, ""),
            listen_port: optional(integer, 0),
            conn_limit: optional(integer, 0),
          },
        }),
      ),
    ),
  },
});
type Args = typeof apiSchema extends Schema<infer T> ? T : never;

const paths = {
  push: ["/loki/api/v1/push", "/api/v1/push"],
  raw: ["/loki/api/v1/raw", "/api/v1/raw"],
};
const defaultMessageBytes = 100 * 1024 * 1024;

const configOf = (args: Args): PushApiConfig => ({
  server: {
    ...serverDefaults,
    address: args.http?.listen_address ?? "",
    port: args.http?.listen_port ?? 8080,
    tls: listenerTlsOf(args.http?.tls),
  },
  labels: args.labels,
  useIncomingTimestamp: args.use_incoming_timestamp,
  maxSendMsgSize: args.max_send_message_size || defaultMessageBytes,
  paths,
  keepsTenant: true,
});

/** `loki.source.api`: pushes as Loki takes them, and raw text. */
export const lokiSourceApi: ComponentKind<Shared, Args> = {
  name: "loki.source.api",
  role: "source",
  schema: apiSchema,
  create: (context) =>
    new SimpleSource(context, "loki_source_api_", async (args, parts) => {
      const { PushSource } = await import("../../sources/push-source.ts");
      return [new PushSource(configOf(args), parts)];
    }),
};
