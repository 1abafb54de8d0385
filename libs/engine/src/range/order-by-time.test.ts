import { expect, test } from "vitest";
import { seededRandom } from "@ratatosk/logql/testing";
import { Breather } from "./breather.ts";
import { orderByTime } from "./order-by-time.ts";

const random = seededRandom(1);
const times = (count: number, next: (i: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => next(i));

test.each([
  ["none", times(0, () => 0)],
  ["one", times(1, () => 5)],
  ["all the same", times(500, () => 7)],
  ["even", times(3000, (i) => ((i * 7919) % 3000) * 1e9)],
  ["random, many equal", times(3000, () => random.below(300))],
  ["random", times(3000, () => random.below(2 ** 30) * 1e6 - 5e14)],
  ["ascending", times(300_000, (i) => i)],
  ["three long runs", times(300_000, (i) => (i % 100_000) * 3)],
  ["descending", times(3000, (i) => -i)],
  ["with an outlier", times(3000, (i) => (i === 1500 ? 1e17 : random.below(1000)))],
])("the order of times is theirs, and of equal ones that in which they came: %s", async (_name, values) => {
  const plain = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
  const breather = new Breather(new AbortController().signal);
  expect([...(await orderByTime(values, breather))]).toEqual(plain);
});
