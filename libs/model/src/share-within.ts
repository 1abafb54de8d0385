import type { Extent } from "./block.ts";

/** How much of a chunk lies in [start, end), unix nanoseconds, by its time, from 0 to 1. */
export function shareWithin(
  { minTime, maxTime }: Pick<Extent, "minTime" | "maxTime">,
  { start, end }: { readonly start: bigint; readonly end: bigint },
): number {
  const from = minTime > start ? minTime : start;
  const to = maxTime < end ? maxTime : end;
  if (to < from) return 0;
  const length = Number(maxTime - minTime);
  return length === 0 ? 1 : Number(to - from) / length;
}
