import { seededRandom } from "@ratatosk/logql/testing";
import { expect, test } from "vitest";
import { indexWithin } from "./pattern.ts";

test("a needle is found where the native search finds it, near and far, up to the end and not beyond", () => {
  const random = seededRandom(2);
  const letters = (length: number): Buffer => Buffer.from(Array.from({ length }, () => 97 + random.below(3)));
  for (let i = 0; i < 20_000; i++) {
    const bytes = letters(random.below(random.below(4) === 0 ? 400 : 40));
    const needle = letters(1 + random.below(random.below(3) === 0 ? 9 : 3));
    const start = random.below(bytes.length + 1);
    const end = start + random.below(bytes.length - start + 1);
    const plain = bytes.subarray(start, end).indexOf(needle);
    expect(indexWithin(bytes, needle, start, end)).toBe(plain === -1 ? -1 : start + plain);
  }
});
