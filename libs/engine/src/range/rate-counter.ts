import type { WindowSamples } from "./window-functions.ts";

/**
 * The increase per second of a counter that may start again from zero, extrapolated to the ends of the window where
 * the first and last samples lie near them. Fewer than two samples give 0.
 */
export function counterRate(window: WindowSamples, rangeNs: number): number {
  const { times, from, to } = window;
  const count = to - from;
  if (count < 2) return 0;
  const sampled = times[to - 1]! - times[from]!;
  const increase = increaseOf(window);
  const total = sampled + toStart(window, sampled, increase) + toEnd(window, sampled);
  return (increase * (total / sampled)) / (rangeNs / 1e9);
}

/** Last minus first; a drop adds the value before it. */
function increaseOf({ values, from, to }: WindowSamples): number {
  let increase = values[to - 1]! - values[from]!;
  for (let i = from + 1; i < to; i++) if (values[i]! < values[i - 1]!) increase += values[i - 1]!;
  return increase;
}

const spacing = ({ from, to }: WindowSamples, sampled: number): number => sampled / (to - from - 1);

function toStart(window: WindowSamples, sampled: number, increase: number): number {
  const { times, values, from, start } = window;
  const average = spacing(window, sampled);
  const distance = times[from]! - start;
  const extrapolated = distance >= 1.1 * average ? average / 2 : distance;
  const first = values[from]!;
  // A counter does not go below zero.
  return increase > 0 && first >= 0 ? Math.min(extrapolated, sampled * (first / increase)) : extrapolated;
}

function toEnd(window: WindowSamples, sampled: number): number {
  const { times, to, end } = window;
  const average = spacing(window, sampled);
  const distance = end - times[to - 1]!;
  return distance >= 1.1 * average ? average / 2 : distance;
}
