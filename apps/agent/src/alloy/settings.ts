import { boolean, oneOf, text } from "./decode.ts";
import type { Setting } from "./graph/surroundings.ts";
import { receivers } from "./receiver.ts";
import { httpSchema, type HttpSettings } from "./http-settings.ts";
import { anyBody, idle, optional, schema } from "./schema.ts";

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

const liveSchema = schema({ attributes: { enabled: optional(boolean, false) } });

/** Who is told what the blocks say. */
export interface SettingListeners {
  readonly onLogging?: ((args: LoggingArgs) => void) | undefined;
  readonly onHttp?: ((args: HttpSettings) => void) | undefined;
}

/** Blocks that configure the process, at the top level only. */
export const settingsFor = ({
  onLogging = () => undefined,
  onHttp = () => undefined,
}: SettingListeners): ReadonlyMap<string, Setting> =>
  new Map<string, Setting>([
    ["logging", { schema: loggingSchema, apply: onLogging }],
    ["livedebugging", { schema: liveSchema, apply: () => undefined, isIdle: true }],
    ["http", { schema: httpSchema, apply: onHttp }],
    ["tracing", { schema: anyBody, apply: () => undefined, isIdle: true }],
  ]);
