import { seededRandom } from "@ratatosk/logql/testing";
import { expect, test } from "vitest";
import { quantile } from "./quantile.ts";

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

test("quantiles are those of the sorted values, however these repeat and wherever NaN stands", () => {
  const random = seededRandom(11);
  for (let round = 0; round < 2000; round++) {
    const kinds = 1 + random.below(200);
    const values = Float64Array.from({ length: 1 + random.below(300) }, () =>
      random.below(20) === 0 ? NaN : random.below(30) === 0 ? Infinity : random.below(kinds) - 50,
    );
    const q = random.below(101) / 100;
    const sorted = [...values].sort((a, b) =>
      Number.isNaN(a) ? -1 : Number.isNaN(b) ? 1 : a < b ? -1 : a > b ? 1 : 0,
    );
    const rank = q * (sorted.length - 1);
    const weight = rank - Math.floor(rank);
    const upper = sorted[Math.min(sorted.length - 1, Math.floor(rank) + 1)]!;
    expect(quantile(q, values)).toBe(sorted[Math.floor(rank)]! * (1 - weight) + upper * weight);
  }
});
