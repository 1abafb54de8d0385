import { expect, test } from "vitest";
import { randomFrom } from "../testing.ts";
import { decodeTimes, encodeSplitTimes } from "./split-times.ts";
import { encodeTimestamps } from "./timestamps.ts";

const fail = (why: string): Error => new Error(`refused: ${why}`);
const time = 1_768_478_400_123_456_000n;
const split = (deltas: Float64Array): Uint8Array | undefined =>
  encodeSplitTimes(deltas, { delta: deltas.reduce((low, one) => Math.min(low, one), Infinity), time }, "zstd", 1);

/** Times that come about every `apart` nanoseconds, rounded down to `unit`. */
function times(seed: number, rows: number, apart: number, unit: number): Float64Array {
  const random = randomFrom(seed);
  let at = 0;
  return Float64Array.from({ length: rows }, () => Math.floor((at += random() * 2 * apart) / unit) * unit);
}

test.each([1, 1e3, 1e6, 1e9])("times that are multiples of %i nanoseconds come back", (unit) => {
  for (const [seed, apart] of [1e3, 1e6, 3e8, 4e10, 9e12].entries())
    for (const rows of [64, 65, 1000, 3001]) {
      const sorted = times(seed + 1, rows, Math.max(apart, 100 * unit), unit);
      for (const deltas of [sorted, sorted.toReversed()]) {
        const first = Math.min(...deltas);
        const back = decodeTimes(split(deltas)!, rows, fail);
        expect([...back]).toEqual(Array.from(deltas, (delta) => delta - first));
      }
    }
});

test("plain times are read as ever", () => {
  const deltas = times(9, 500, 1e6, 1);
  expect([...decodeTimes(encodeTimestamps(deltas, deltas[0]!), 500, fail)]).toEqual(
    Array.from(deltas, (delta) => delta - deltas[0]!),
  );
});

test("few times, and times at equal distances or many at once, are left plain", () => {
  expect(split(times(1, 63, 1e6, 1))).toBeUndefined();
  expect(split(Float64Array.from({ length: 900 }, (_, row) => row * 1_500_001))).toBeUndefined();
  expect(split(times(2, 900, 1e6, 1).map((_, row, all) => all[row - (row % 3)]!))).toBeUndefined();
});

test("noise below a millisecond costs 20 bits, of microseconds 10, and little beside", () => {
  const bitsOf = (unit: number): number => (8 * split(times(3, 5000, 2.5e7, unit))!.length) / 5000;
  expect(bitsOf(1)).toBeLessThan(20 + 7);
  expect(bitsOf(1e3)).toBeLessThan(10 + 7);
  expect(bitsOf(1e6)).toBeLessThan(7);
});

test("times that are cut off or changed are refused or read, never more", () => {
  const bytes = split(times(4, 100, 1e6, 1))!;
  for (let end = 1; end < bytes.length; end++)
    expect(() => decodeTimes(bytes.subarray(0, end), 100, fail)).toThrow("refused");
  const random = randomFrom(5);
  for (let round = 0; round < 2000; round++) {
    const changed = bytes.slice();
    changed[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    expect(["read", "refused"]).toContain(outcome(changed, 100));
  }
});

function outcome(bytes: Uint8Array, rows: number): string {
  try {
    decodeTimes(bytes, rows, fail);
    return "read";
  } catch (error) {
    return String(error).startsWith("Error: refused") ? "refused" : String(error);
  }
}
