import type { Entry } from "../../entry.ts";
import type { StageConfig } from "../../stages/build-stages.ts";
import { goJson } from "../../stages/json-text.ts";
import { sourceText } from "../../stages/source-text.ts";

/** `stage.split_json`: a JSON array becomes one entry per element, an empty one none; everything else passes. */
export function splitJsonStage(source: string): StageConfig["build"] {
  return () => ({
    process(entry, emit) {
      const text = sourceText(entry, source || undefined);
      const elements = text === undefined ? undefined : parseArray(text);
      if (elements === undefined) return emit(entry);
      for (const element of elements) emit(partOf(entry, element));
    },
  });
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return Array.isArray(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function partOf(entry: Entry, element: unknown): Entry {
  const part = entry.copy(Buffer.from(goJson(element)));
  part.extracted = new Map(entry.extracted);
  return part;
}
