import { textOf } from "../entry.ts";
import type { StageConfig } from "./build-stages.ts";

export interface EventLogMessageOptions {
  readonly source?: string;
  readonly dropInvalidLabels?: boolean;
  readonly overwriteExisting?: boolean;
}

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** `eventlogmessage`: `Key: value` lines of a Windows event become extracted. Entries without a message end here. */
export function eventLogMessageStage(options: EventLogMessageOptions): StageConfig["build"] {
  const { source = "message", dropInvalidLabels = false, overwriteExisting = false } = options;
  if (!labelName.test(source)) throw new Error(`invalid label name: ${source}`);
  return () => ({
    process(entry, emit) {
      const text = textOf(entry.extracted.get(source));
      if (text === undefined) return;
      for (const line of text.split("\r\n")) {
        const colon = line.indexOf(":");
        if (colon < 0) continue;
        const raw = line.slice(0, colon);
        if (!labelName.test(raw) && dropInvalidLabels) continue;
        const key = sanitize(raw);
        const name = entry.extracted.has(key) && !overwriteExisting ? `${key}_extracted` : key;
        entry.extracted.set(name, line.slice(colon + 1).trim());
      }
      emit(entry);
    },
  });
}

/** Characters that no label has become `_`. */
const sanitize = (key: string): string => key.trim().replace(/^\d|[^a-zA-Z0-9_]/g, "_");
