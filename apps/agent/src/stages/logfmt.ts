import { everyEntry } from "./stage.ts";
import type { StageConfig } from "./build-stages.ts";
import { checkSource, sourceText } from "./source-text.ts";

export interface LogfmtOptions {
  /** Extracted name → key of the line; an empty one is the name itself. */
  readonly mapping: ReadonlyMap<string, string>;
  readonly source?: string;
}

/** `logfmt`: values of known keys become extracted. */
export function logfmtStage({ mapping, source }: LogfmtOptions): StageConfig["build"] {
  if (mapping.size === 0) throw new Error("logfmt mapping is required");
  checkSource(source);
  const wanted = Map.groupBy(mapping, ([name, key]) => (key === "" ? name : key));
  return () =>
    everyEntry((entry) => {
      const text = sourceText(entry, source);
      if (text === undefined) return;
      for (const [key, value] of logfmtPairs(text))
        for (const [name] of wanted.get(key) ?? []) entry.extracted.set(name, value);
    });
}

/** Keys and values of a line up to where it is no logfmt. A key alone has the empty value. */
export function* logfmtPairs(text: string): Generator<[key: string, value: string]> {
  let at = 0;
  while (at < text.length) {
    while (text.charCodeAt(at) <= 0x20) at++;
    if (at >= text.length) return;
    const from = at;
    while (at < text.length && text[at] !== "=" && text[at] !== '"' && text.charCodeAt(at) > 0x20) at++;
    if (at === from || text[at] === '"') return;
    const key = text.slice(from, at);
    if (text[at] !== "=") {
      yield [key, ""];
      continue;
    }
    at++;
    if (text[at] === '"') {
      const end = closingQuote(text, at);
      if (end < 0) return;
      const value = unquote(text.slice(at, end + 1));
      if (value === undefined) return;
      yield [key, value];
      at = end + 1;
      continue;
    }
    const begin = at;
    while (at < text.length && text.charCodeAt(at) > 0x20) {
      if (text[at] === "=" || text[at] === '"') return;
      at++;
    }
    yield [key, text.slice(begin, at)];
  }
}

function closingQuote(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return -1;
}

function unquote(quoted: string): string | undefined {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return JSON.parse(
      quoted.replace(/[\0-\x1f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
    ) as string;
  } catch {
    return undefined;
  }
}
