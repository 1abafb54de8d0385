import type { Finding } from "./finding.ts";

const mostSkewMs = 5000;

/** Whether the clock of another machine, which told its time between two moments here, agrees with this one's. */
export function clockFinding(
  whose: string,
  toldMs: number,
  betweenMs: readonly [before: number, after: number],
): Finding {
  const [before, after] = betweenMs;
  // Told in whole seconds.
  const skewMs = toldMs < before - 1000 ? toldMs - before : toldMs > after ? toldMs - after : 0;
  if (Math.abs(skewMs) <= mostSkewMs) return { state: "ok", about: "clock", what: `agrees with ${whose}` };
  return {
    state: "problem",
    about: "clock",
    what: `${whose} is ${(Math.abs(skewMs) / 1000).toFixed(0)} s ${skewMs < 0 ? "behind" : "ahead"}`,
    advice: "run NTP on both machines: lines in the future are refused, old ones may be",
  };
}
