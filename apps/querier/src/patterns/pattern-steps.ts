import type { TimeBounds } from "@ratatosk/http";

/** A range, and the whole steps since 1970 that cover it. */
export interface PatternSteps extends TimeBounds {
  readonly stepMs: number;
  readonly firstStep: bigint;
  readonly count: number;
}

export const levelLabel = "detected_level";
/** The level of lines that have none. */
export const noLevel = "unknown";

export function patternSteps(range: TimeBounds, stepMs: number): PatternSteps {
  const step = BigInt(stepMs) * 1_000_000n;
  const firstStep = range.start - (((range.start % step) + step) % step);
  return { ...range, stepMs, firstStep, count: Number((range.end - firstStep + step - 1n) / step) };
}

/** When a step begins. */
export const stepTime = ({ firstStep, stepMs }: PatternSteps, step: number): bigint =>
  firstStep + BigInt(step) * BigInt(stepMs) * 1_000_000n;

/** The number of the step in which a time lies. */
export const stepOf = ({ firstStep, stepMs }: PatternSteps, time: bigint): number =>
  Number((time - firstStep) / (BigInt(stepMs) * 1_000_000n));

/** The part of the range between two times. */
export function within({ start, end }: TimeBounds, from: bigint, to: bigint): TimeBounds {
  return { start: from > start ? from : start, end: to < end ? to : end };
}
