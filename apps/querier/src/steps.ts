import type { Steps } from "@ratatosk/engine";
import { durationParam, type TimeBounds } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";

const mostSteps = 11_000;

/** Milliseconds of `step`, by default a 250th of the range in whole seconds. Throws bad_request with Loki's text. */
export function stepParam(query: URLSearchParams, { start, end }: TimeBounds): number {
  const given = durationParam(query, "step");
  const step = given === undefined ? defaultStep(start, end) : Math.trunc(given);
  if (step <= 0)
    throw new RatatoskError(
      "bad_request",
      "zero or negative query resolution step widths are not accepted. Try a positive integer",
    );
  if (Number(end - start) / 1e6 / step > mostSteps)
    throw new RatatoskError(
      "bad_request",
      "exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter",
    );
  return step;
}

function defaultStep(start: bigint, end: bigint): number {
  return Math.max(1, Math.floor(Number(end - start) / 1e9 / 250)) * 1000;
}

/** The steps from start to end; `aligned` rounds both outwards to whole steps since 1970. */
export function stepsOf({ start, end }: TimeBounds, step: number, aligned: boolean): Steps {
  const width = BigInt(step) * 1_000_000n;
  const [first, last] = aligned ? align(start, end, width) : [start, end];
  return { start: first, step, count: Number((last - first) / width) + 1 };
}

function align(start: bigint, end: bigint, width: bigint): [bigint, bigint] {
  const first = start - modulo(start, width);
  const excess = modulo(end, width);
  const last = excess === 0n ? end : end - excess + width;
  return first === last ? [start, end] : [first, last];
}

const modulo = (a: bigint, b: bigint): bigint => ((a % b) + b) % b;
