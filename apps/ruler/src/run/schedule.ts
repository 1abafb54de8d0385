/** Unix milliseconds at which a group is evaluated: every interval, moved by a share of it that only the key decides. */
export interface Schedule {
  readonly intervalMs: number;
  readonly offsetMs: number;
}

/** Groups with different keys are spread over the interval, so that they do not all run at the same moment. */
export function scheduleOf(key: string, intervalMs: number): Schedule {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193) >>> 0;
  return { intervalMs, offsetMs: Math.floor((hash / 2 ** 32) * intervalMs) };
}

/** The latest time of the schedule that is not after `nowMs`. */
export function lastDue({ intervalMs, offsetMs }: Schedule, nowMs: number): number {
  return Math.floor((nowMs - offsetMs) / intervalMs) * intervalMs + offsetMs;
}

/**
 * The times to evaluate now, oldest first: the latest due and those missed since `doneMs`, none older than
 * `backfillMs`. Without `doneMs` only the latest.
 */
export function dueTimes(schedule: Schedule, doneMs: number | undefined, nowMs: number, backfillMs: number): number[] {
  const last = lastDue(schedule, nowMs);
  if (doneMs === undefined) return [last];
  const times: number[] = [];
  for (let time = last; time > doneMs && time >= last - backfillMs; time -= schedule.intervalMs) times.unshift(time);
  return times;
}
