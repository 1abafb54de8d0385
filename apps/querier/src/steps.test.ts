import { expect, test } from "vitest";
import { stepParam, stepsOf } from "./steps.ts";

const seconds = (value: number): bigint => BigInt(value) * 1_000_000_000n;
const range = (start: number, end: number): { start: bigint; end: bigint } => ({
  start: seconds(start),
  end: seconds(end),
});

test("steps are rounded outwards to whole steps", () => {
  expect(stepsOf(range(1005, 1101), 10_000, true)).toEqual({ start: seconds(1000), step: 10_000, count: 12 });
  expect(stepsOf(range(1000, 1100), 10_000, true)).toEqual({ start: seconds(1000), step: 10_000, count: 11 });
  expect(stepsOf(range(1005, 1101), 10_000, false)).toEqual({ start: seconds(1005), step: 10_000, count: 10 });
  expect(stepsOf(range(1000, 1000), 10_000, true)).toEqual({ start: seconds(1000), step: 10_000, count: 1 });
});

test("the default step is a 250th of the range, a second at least", () => {
  expect(stepParam(new URLSearchParams(), range(0, 3600))).toBe(14_000);
  expect(stepParam(new URLSearchParams(), range(0, 10))).toBe(1000);
});

test.each([
  ["step=0", "zero or negative query resolution step widths are not accepted"],
  ["step=-1", "zero or negative query resolution step widths are not accepted"],
  ["step=0.001", "exceeded maximum resolution of 11,000 points per time series"],
])("%s is refused", (query, message) => {
  expect(() => stepParam(new URLSearchParams(query), range(0, 3600))).toThrow(message);
});
