import { type TimeBounds, timeBounds } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import { checkLength, clampStart, type QueryLimits } from "./query-limits.ts";

/** The range of a metadata request, within the limits; undefined if nothing of it may be looked at. */
export function selectedRange(query: URLSearchParams, now: bigint, limits: QueryLimits): TimeBounds | undefined {
  const { start, end } = timeBounds(query, now);
  if (end < start) throw new RatatoskError("bad_request", "end timestamp must not be before or equal to start time");
  checkLength(start, end, limits);
  const clamped = clampStart(start, end, now, limits);
  return clamped === undefined ? undefined : { start: clamped, end };
}
