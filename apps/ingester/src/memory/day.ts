import type { Block } from "@ratatosk/model";

const dayNanos = 86_400_000_000_000n;
const dayLength = Number(dayNanos);

/** Consecutive rows of a block that lie in one UTC day. */
export interface DayRun {
  /** Days since 1970. */
  readonly day: number;
  readonly from: number;
  readonly to: number;
}

/** The UTC day of a time, in days since 1970. */
export function dayOf(nanos: bigint): number {
  return Number(nanos >= 0n ? nanos / dayNanos : (nanos - dayNanos + 1n) / dayNanos);
}

/** The first nanosecond of a day. */
export const dayStart = (day: number): bigint => BigInt(day) * dayNanos;

/** `2026-01-15` */
export const dayName = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

/** A block's rows, cut where the day changes. */
export function* dayRuns({ base, deltas, count }: Block): Generator<DayRun> {
  for (let from = 0; from < count;) {
    const day = dayOf(base + BigInt(deltas[from]!));
    const low = Number(dayStart(day) - base);
    let to = from + 1;
    while (to < count && deltas[to]! >= low && deltas[to]! < low + dayLength) to++;
    yield { day, from, to };
    from = to;
  }
}
