import { textOf, type Entry } from "../entry.ts";

/** What a stage reads: the line, or an extracted value as text; undefined where there is none. */
export const sourceText = (entry: Entry, source: string | undefined): string | undefined =>
  source === undefined ? entry.text : textOf(entry.extracted.get(source));

/** Throws where a source is given and empty. */
export function checkSource(source: string | undefined): void {
  if (source === "") throw new Error("empty source");
}
