import { seededRandom } from "@ratatosk/logql/testing";
import { expect, test } from "vitest";
import { anyFloat, parseGoFloat } from "./go-float.ts";

test.each([
  ["500", 500],
  ["0.1", 0.1],
  ["5.", 5],
  [".5", 0.5],
  ["-1e3", -1000],
  [".", 'strconv.ParseFloat: parsing ".": invalid syntax'],
  ["", 'strconv.ParseFloat: parsing "": invalid syntax'],
  ["1.2.3", 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'],
  ["1e999", 'strconv.ParseFloat: parsing "1e999": value out of range'],
])("%s is %s", (text, expected) => {
  expect(parseGoFloat(text)).toBe(expected);
});

test("the fast path gives what the grammar gives", () => {
  const random = seededRandom(5);
  const parts = ["1", "0", "9", "37", "1234567", "99999999", ".", ".", "-", "e", "x"];
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from({ length: 1 + random.below(5) }, () => parts[random.below(parts.length)]).join("");
    expect(parseGoFloat(text)).toBe(anyFloat(text));
  }
});
