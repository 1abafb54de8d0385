import { seededRandom } from "@ratatosk/logql/testing";
import { expect, test } from "vitest";
import { parseGoDuration } from "./go-duration.ts";
import { parseGoFloat } from "./go-float.ts";
import { type NumberReader, simpleFloatBytes, simpleSecondsBytes } from "./number-bytes.ts";

const seconds = (text: string): number | string => {
  const nanoseconds = parseGoDuration(text);
  return typeof nanoseconds === "string" ? nanoseconds : nanoseconds / 1e9;
};
const parts = ["1", "27", "0", "999999", "123456789012345", ".", "ms", "s", "m", "µs", "h", "-", "e5", "", " "];

test.each<[string, NumberReader, (text: string) => number | string]>([
  ["floats", simpleFloatBytes, parseGoFloat],
  ["seconds", simpleSecondsBytes, seconds],
])("%s read as bytes are those read as text, or are left to that", (_what, read, parse) => {
  const random = seededRandom(11);
  let numbers = 0;
  for (let round = 0; round < 50_000; round++) {
    const text = Array.from({ length: 1 + random.below(5) }, () => parts[random.below(parts.length)]!).join("");
    const bytes = Buffer.from(`1${text}.5`);
    const value = read(bytes, 1, bytes.length - 2);
    if (Number.isNaN(value)) continue;
    numbers++;
    expect([text, value]).toEqual([text, parse(text)]);
  }
  expect(numbers).toBeGreaterThan(500);
});

test.each([
  ["520.172ms", 0.520172],
  ["1.5s", 1.5],
  ["12s", 12],
  ["0.000ms", 0],
])("%s is read at once", (text, value) => {
  expect(simpleSecondsBytes(Buffer.from(text), 0, text.length)).toBe(value);
});
