import { expect, test } from "vitest";
import { quantile } from "./statistics.ts";

test.each([
  [0.5, [3, 1, 2], 2],
  [0.5, [4, 1, 3, 2], 2.5],
  [0.99, [10], 10],
  [0, [5, NaN, 2], NaN],
  [0.75, [NaN, 5, 2, NaN, 9], 5],
  [1, [NaN, NaN, 7], 7],
  [-1, [1], -Infinity],
  [2, [1], Infinity],
  [NaN, [1], NaN],
  [0.5, [], NaN],
])("the %d-quantile of %j is %d", (q, values, expected) => {
  expect(quantile(q, Float64Array.from(values))).toBe(expected);
});
