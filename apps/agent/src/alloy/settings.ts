import { boolean, oneOf, text } from "./decode.ts";
import type { Setting } from "./graph/surroundings.ts";
import { receivers } from "./receiver.ts";
import { anyBody, block, idle, optional, schema } from "./schema.ts";

/** What `logging` says. */
export interface LoggingArgs {
  readonly level: string;
  readonly format: string;
}

const loggingSchema = schema({
  attributes: {
    level: optional(oneOf("debug", "info", "warn", "error"), "info"),
    format: optional(oneOf("logfmt", "json"), "logfmt"),
    write_to: idle(optional(receivers, [])),
    destination: idle(optional(text, "stderr")),
  },
});

const httpSchema = schema({
  blocks: {
    tls: idle(
      block(
        schema({
          attributes: {
            cert_file: optional(text, ""),
            key_file: optional(text, ""),
            client_ca_file: optional(text, ""),
          },
        }),
      ),
    ),
    auth: idle(block(anyBody)),
  },
});

const liveSchema = schema({ attributes: { enabled: optional(boolean, false) } });

/** Blocks that configure the process, at the top level only. */
export const settingsFor = (onLogging: (args: LoggingArgs) => void): ReadonlyMap<string, Setting> =>
  new Map<string, Setting>([
    ["logging", { schema: loggingSchema, apply: onLogging }],
    ["livedebugging", { schema: liveSchema, apply: () => undefined, isIdle: true }],
    ["http", { schema: httpSchema, apply: () => undefined }],
    ["tracing", { schema: anyBody, apply: () => undefined, isIdle: true }],
  ]);
