import type { Labels, StreamResult } from "../api/answers.ts";
import { newestFirst } from "../time/nanos.ts";
import { type Level, levelOf } from "./level.ts";

/** A line of a result. */
export interface Entry {
  readonly nanos: string;
  readonly line: string;
  /** The labels of its stream, one object for all its lines. */
  readonly stream: Labels;
  readonly metadata: Labels;
  readonly parsed: Labels;
  readonly level: Level;
}

const none: Labels = {};

/** The lines of an answer, newest first. */
export function entriesOf(streams: readonly StreamResult[]): Entry[] {
  const entries: Entry[] = [];
  for (const { stream, values } of streams) {
    for (const [nanos, line, categories] of values) {
      const metadata = categories?.structuredMetadata ?? none;
      const parsed = categories?.parsed ?? none;
      const level = levelOf(
        metadata["detected_level"] ?? stream["detected_level"] ?? parsed["level"] ?? stream["level"],
      );
      entries.push({ nanos, line, stream, metadata, parsed, level });
    }
  }
  return entries.sort(newestFirst);
}

/** What tells a line from every other: two entries with the same key are one. */
export const entryKey = ({ nanos, line, stream, metadata }: Entry): string =>
  `${nanos}\n${line}\n${JSON.stringify(stream)}${JSON.stringify(metadata)}`;

/** Puts older lines after those that are there; the lines of the moment between both may be in both. */
export function appendOlder(entries: Entry[], older: readonly Entry[]): number {
  const last = entries.at(-1);
  if (last === undefined) return entries.push(...older);
  const seen = new Set<string>();
  for (let i = entries.length - 1; i >= 0 && entries[i]!.nanos === last.nanos; i--) seen.add(entryKey(entries[i]!));
  let added = 0;
  for (const entry of older) {
    if (entry.nanos === last.nanos && seen.has(entryKey(entry))) continue;
    entries.push(entry);
    added++;
  }
  return added;
}
