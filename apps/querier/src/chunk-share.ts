import type { TimeBounds } from "@ratatosk/http";
import type { Extent } from "@ratatosk/model";

/** How much of a chunk lies in [start, end), by its time, from 0 to 1. */
export function shareWithin({ minTime, maxTime }: Extent, { start, end }: TimeBounds): number {
  const from = minTime > start ? minTime : start;
  const to = maxTime < end ? maxTime : end;
  if (to < from) return 0;
  const length = Number(maxTime - minTime);
  return length === 0 ? 1 : Number(to - from) / length;
}
