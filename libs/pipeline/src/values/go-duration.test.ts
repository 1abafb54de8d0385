import { seededRandom } from "@ratatosk/logql/testing";
import { expect, test } from "vitest";
import { anyDuration, parseGoDuration } from "./go-duration.ts";

test.each([
  ["12.5ms", 12_500_000],
  ["1h30m", 5400e9],
  ["-5s", -5e9],
  ["+.5s", 5e8],
  ["5.s", 5e9],
  ["0", 0],
  ["0.000000001s", 1],
  ["3µs", 3000],
  ["5constructor", 'time: unknown unit "constructor" in duration "5constructor"'],
  ["12", 'time: missing unit in duration "12"'],
  ["", 'time: invalid duration ""'],
  [".s", 'time: invalid duration ".s"'],
  ["9999999999h", 'time: invalid duration "9999999999h"'],
])("%s is %s", (text, expected) => {
  expect(parseGoDuration(text)).toBe(expected);
});

test("the fast path gives what the grammar gives", () => {
  const random = seededRandom(3);
  const parts = ["1", "0", "9", "37", "123456", ".", ".", "ms", "s", "h", "ns", "µs", "m", "-", "x"];
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from({ length: 1 + random.below(6) }, () => parts[random.below(parts.length)]).join("");
    expect(parseGoDuration(text)).toBe(anyDuration(text));
  }
});
