import { boolean, oneOf, text } from "./decode.ts";
import type { Setting } from "./graph/surroundings.ts";
import { receivers } from "./receiver.ts";
import { block, optional, schema } from "./schema.ts";

/** What `logging` says. */
export interface LoggingArgs {
  readonly level: string;
  readonly format: string;
}

const loggingSchema = schema({
  attributes: {
    level: optional(oneOf("debug", "info", "warn", "error"), "info"),
    format: optional(oneOf("logfmt", "json"), "logfmt"),
    write_to: optional(receivers, []),
    destination: optional(text, "stderr"),
  },
});

const httpSchema = schema({
  blocks: {
    tls: block(
      schema({
        attributes: {
          cert_file: optional(text, ""),
          key_file: optional(text, ""),
          client_ca_file: optional(text, ""),
        },
      }),
    ),
  },
});

/** Accepted, without effect: there is nothing to trace, to stream or to fetch. */
const flagSchema = schema({ attributes: { enabled: optional(boolean, false) } });

/** Blocks that configure the process, at the top level only. */
export const settingsFor = (onLogging: (args: LoggingArgs) => void): ReadonlyMap<string, Setting> =>
  new Map<string, Setting>([
    ["logging", { schema: loggingSchema, apply: onLogging }],
    ["http", { schema: httpSchema, apply: () => undefined }],
    ["livedebugging", { schema: flagSchema, apply: () => undefined }],
  ]);
