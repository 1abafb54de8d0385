import type { Extent } from "@ratatosk/model";

/** From `start` to before `end`, unix nanoseconds. */
export interface TimeRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** The numbers of the ranges, which ascend, that something may hold entries of. */
export function* touchedBy(
  { minTime, maxTime }: Pick<Extent, "minTime" | "maxTime">,
  ranges: readonly TimeRange[],
): Generator<number> {
  for (let i = firstReaching(ranges, minTime); i < ranges.length && ranges[i]!.start <= maxTime; i++) yield i;
}

function firstReaching(ranges: readonly TimeRange[], time: bigint): number {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.end > time) high = middle;
    else low = middle + 1;
  }
  return low;
}
