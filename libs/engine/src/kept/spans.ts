import { createHash, type Hash } from "node:crypto";
import type { Chunk } from "@ratatosk/model";
import { type TimeRange, touchedBy } from "../plan/time-range.ts";
import type { Windows } from "../scan/job.ts";

/** Windows whose results are kept together: those that end in one stretch of absolute time. */
export interface Span {
  /** The first of them, and how many. */
  readonly from: number;
  readonly count: number;
  /** Names the windows and the chunks they read; undefined where a chunk may still change. */
  readonly key: string | undefined;
}

const fewestWindows = 4;

/**
 * Cuts windows into spans of `spanNs` nanoseconds, or a few windows. Queries with the same step have their spans in common,
 * whenever they begin.
 */
export function spansOf(windows: Windows, chunks: readonly Chunk[], about: string, spanNs: number): Span[] {
  const cuts = cutsOf(windows, spanNs);
  const hashes = hashesOf(windows, cuts, chunks);
  return cuts.map(({ from, count }, i) => {
    const hash = hashes[i];
    if (hash === undefined) return { from, count, key: undefined };
    const { first, step, length } = windows;
    hash.update(JSON.stringify([about, String(first + BigInt(from * step)), step, length, count]));
    return { from, count, key: hash.digest("base64") };
  });
}

type Cut = Pick<Span, "from" | "count">;

function cutsOf({ first, step, count }: Windows, spanNs: number): Cut[] {
  const width = BigInt(Math.max(spanNs, fewestWindows * step));
  const cuts: Cut[] = [];
  for (let from = 0; from < count;) {
    const start = first + BigInt(from * step);
    const left = width - (((start % width) + width) % width);
    const size = Math.min(count - from, Number((left + BigInt(step) - 1n) / BigInt(step)));
    cuts.push({ from, count: size });
    from += size;
  }
  return cuts;
}

/** What each span's chunks are; undefined where one of them may change. */
function hashesOf(windows: Windows, cuts: readonly Cut[], chunks: readonly Chunk[]): (Hash | undefined)[] {
  const hashes: (Hash | undefined)[] = cuts.map(() => createHash("sha256"));
  const ranges = cuts.map((cut) => rangeOf(part(windows, cut)));
  for (const chunk of chunks)
    for (const i of touchedBy(chunk, ranges)) {
      if (chunk.identity === undefined) hashes[i] = undefined;
      else hashes[i]?.update(`${chunk.identity}\n`);
    }
  return hashes;
}

/** Some of the windows. */
export function part(windows: Windows, { from, count }: Cut): Windows {
  return { ...windows, first: windows.first + BigInt(from * windows.step), count };
}

/** The time that windows read, [start, end): they are open on the left and closed on the right, selections not. */
export function rangeOf({ first, step, count, length }: Windows): TimeRange {
  return { start: first - BigInt(length) + 1n, end: first + BigInt(step) * BigInt(count - 1) + 1n };
}
