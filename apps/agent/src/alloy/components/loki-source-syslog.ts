import type { SyslogConfig } from "../../config/agent-config.ts";
import type { ComponentKind } from "../component.ts";
import { boolean, duration, integer, mapOf, oneOf, text } from "../decode.ts";
import { receivers, rulesOf } from "../receiver.ts";
import { block, blocks, idle, maybe, optional, required, type Schema, schema } from "../schema.ts";
import type { Shared } from "../shared.ts";
import { SimpleSource } from "./simple-source.ts";

const tlsSchema = schema({
  attributes: {
    cert_file: optional(text, ""),
    key_file: optional(text, ""),
    ca_file: idle(optional(text, "")),
    client_ca_file: optional(text, ""),
    insecure_skip_verify: idle(optional(boolean, false)),
    server_name: idle(optional(text, "")),
    min_version: idle(optional(text, "")),
  },
});

const listenerSchema = schema({
  attributes: {
    address: required(text),
    protocol: optional(oneOf("tcp", "udp"), "tcp"),
    idle_timeout: optional(duration, 120_000),
    label_structured_data: optional(boolean, false),
    labels: optional(mapOf(text), new Map<string, string>()),
    max_message_length: optional(integer, 8192),
    syslog_format: optional(oneOf("rfc5424", "rfc3164", "raw"), "rfc5424"),
    rfc3164_default_to_current_year: optional(boolean, false),
    rfc5424_allow_empty_msg: optional(boolean, false),
    use_incoming_timestamp: optional(boolean, false),
    use_rfc5424_message: optional(boolean, false),
    udp_host_cache_size: idle(optional(integer, 128)),
    udp_queue_size: idle(optional(integer, 10)),
  },
  blocks: {
    tls_config: block(tlsSchema),
    raw_format_options: idle(
      block(schema({ attributes: { use_null_terminator_delimiter: optional(boolean, false) } })),
    ),
    rfc3164_cisco_components: idle(
      block(
        schema({
          attributes: {
            enable_all: optional(boolean, false),
            message_counter: optional(boolean, false),
            sequence_number: optional(boolean, false),
            hostname: optional(boolean, false),
            second_fractions: optional(boolean, false),
          },
        }),
      ),
    ),
  },
});

const syslogSchema = schema({
  attributes: { forward_to: required(receivers), relabel_rules: maybe(rulesOf) },
  blocks: { listener: blocks(listenerSchema) },
});
type Args = typeof syslogSchema extends Schema<infer T> ? T : never;
type Listener = Args["listener"][number];

const defaultMessageLength = 8192;

const configOf = (args: Listener): SyslogConfig => ({
  listenAddress: args.address,
  protocol: args.protocol,
  format: args.syslog_format,
  idleTimeoutMs: args.idle_timeout,
  labelStructuredData: args.label_structured_data,
  labels: args.labels,
  useIncomingTimestamp: args.use_incoming_timestamp,
  useRfc5424Message: args.use_rfc5424_message,
  maxMessageLength: args.max_message_length || defaultMessageLength,
  allowEmpty: args.rfc5424_allow_empty_msg,
  tls: args.tls_config && {
    certFile: args.tls_config.cert_file,
    keyFile: args.tls_config.key_file,
    ...(args.tls_config.client_ca_file === "" ? {} : { caFile: args.tls_config.client_ca_file }),
  },
});

/** `loki.source.syslog`: one or more listeners. */
export const lokiSourceSyslog: ComponentKind<Shared, Args> = {
  name: "loki.source.syslog",
  role: "source",
  schema: syslogSchema,
  create: (context) =>
    new SimpleSource(context, "loki_source_", async (args, parts) => {
      const { SyslogSource } = await import("../../sources/syslog-source.ts");
      return args.listener.map((listener) => new SyslogSource(configOf(listener), parts));
    }),
};
