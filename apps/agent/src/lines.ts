import { Entry } from "./entry.ts";
import type { Origin } from "./origin.ts";
import { addNanos, type Instant } from "./time/instant.ts";

/** Lines of one stream as they were read: ranges of a buffer that is overwritten by the next read. */
export interface Lines {
  readonly origin: Origin;
  readonly labels: Map<string, string>;
  readonly bytes: Buffer;
  /** Line i is `bytes[starts[i] … ends[i])`. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly count: number;
  /** Where the first byte of `bytes` lies in the origin; lines of plain files lie where their bytes do. */
  readonly base: number;
  /** Elsewhere: line i lies at `offsets[i] … offsets[i + 1]` in the origin. */
  readonly offsets?: Float64Array;
  /** Time of the first line; each further one is a nanosecond later. */
  readonly time: Instant;
}

/** Where line `i` begins in its origin. */
export const startOf = ({ offsets, base, starts }: Lines, i: number): number =>
  offsets ? offsets[i]! : base + starts[i]!;

/** Where the line after line `i` begins in the origin. */
export const endOf = ({ offsets, base, ends }: Lines, i: number): number =>
  offsets ? offsets[i + 1]! : base + ends[i]! + 1;

/** Line `i` as an entry of its own. */
export function entryOf(lines: Lines, i: number): Entry {
  const { origin, labels, bytes, starts, ends, time } = lines;
  const line = Buffer.from(bytes.subarray(starts[i], ends[i]));
  const start = startOf(lines, i);
  const entry = new Entry(origin, start, endOf(lines, i), new Map(labels), line, addNanos(time, i));
  if (origin.past) entry.given = origin.past.of(start) & origin.past.bitsFrom(origin.branch);
  return entry;
}

/** Gives lines one by one; what is cut off meanwhile takes the origin to the line under way. */
export function eachEntry(lines: Lines, give: (entry: Entry) => void): void {
  const { origin, count } = lines;
  for (let i = 0; i < count; i++) {
    origin.read = startOf(lines, i);
    give(entryOf(lines, i));
  }
  if (count > 0) origin.read = endOf(lines, count - 1);
}

/** Takes lines and entries, at once: who gives them waits for `ready` before the next. */
export interface Outlet {
  lines(lines: Lines): void;
  entry(entry: Entry): void;
  /** A promise where more should wait; it resolves once there is room. */
  ready(): Promise<void> | undefined;
}
