import { seededRandom } from "@ratatosk/logql/testing";
import { expect, test } from "vitest";
import { WindowChanges } from "./window-changes.ts";

const random = seededRandom(7);

/** Random spans added to both; `spread` series, mostly with few changes. */
function added(windows: number, spans: number, spread: number): { changes: WindowChanges; plain: Float64Array[] } {
  const changes = new WindowChanges(windows);
  const plain = Array.from({ length: spread }, () => new Float64Array(windows + 1));
  for (let i = 0; i < spans; i++) {
    const series = Math.min(random.below(spread), random.below(spread));
    const from = random.below(windows);
    const to = from + random.below(windows - from);
    const amount = 1 + random.below(3);
    changes.add(series, from, to, amount);
    plain[series]![from]! += amount;
    plain[series]![to + 1]! -= amount;
  }
  return { changes, plain };
}

const read = (changes: WindowChanges, windows: number, count: number): Float64Array[] =>
  Array.from({ length: count }, (_, series) => {
    const into = new Float64Array(windows + 1).fill(NaN);
    changes.read(series, into);
    return into;
  });

test.each([
  [1, 10, 3],
  [5, 40, 100],
  [60, 3000, 7],
  [250, 4000, 900],
  [1000, 3000, 2],
])("%i windows and %i spans are what arrays would hold", (windows, spans, spread) => {
  const parts = [1, 2, 3].map(() => added(windows, spans, spread));
  for (const { changes, plain } of parts) expect(read(changes, windows, spread)).toEqual(plain);
  const whole = new WindowChanges(windows);
  for (const { changes } of parts) {
    const packed = changes.pack(spread);
    for (let series = 0, at = 0; series < spread; at += packed.sizes[series++]!)
      whole.addPacked(series, packed, at, at + packed.sizes[series]!);
  }
  const sums = parts[0]!.plain.map((own, series) =>
    own.map((_, k) => parts.reduce((sum, { plain }) => sum + plain[series]![k]!, 0)),
  );
  expect(read(whole, windows, spread)).toEqual(sums);
  expect(whole.bytes).toBeLessThan(2000 + 3 * spread * (windows + 1) * 8);
});

test("a packed series has no changes of 0 and begins with its last window", () => {
  const changes = new WindowChanges(9);
  changes.add(1, 2, 3, 5);
  changes.add(1, 4, 8, 5);
  const { sizes, positions, changes: by } = changes.pack(3);
  expect([[...sizes], [...positions], [...by]]).toEqual([
    [0, 2, 0],
    [9, 2],
    [-5, 5],
  ]);
});

test("a hundred thousand series of one entry take little each", () => {
  const changes = new WindowChanges(10_000);
  for (let series = 0; series < 100_000; series++) changes.add(series, series % 10_000, series % 10_000, 1);
  expect(changes.bytes / 100_000).toBeLessThan(64);
});
