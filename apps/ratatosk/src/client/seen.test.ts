import { expect, test } from "vitest";
import { Seen } from "./seen.ts";

const entry = (time: bigint, line: string) => ({ stream: { app: "a" }, time, line });

test("after a resume the lines of the last time are known, each as often as it came", () => {
  const seen = new Seen();
  for (const line of ["a", "b", "b"]) expect(seen.add(entry(5n, line))).toBe(true);
  const again = new Seen(seen.last, seen.keys);
  again.resume();
  expect(["b", "a", "b", "b", "c"].map((line) => again.add(entry(5n, line)))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(again.add(entry(6n, "a"))).toBe(true);
});

test("lines that come late are new", () => {
  const seen = new Seen();
  seen.add(entry(5n, "a"));
  expect(seen.add(entry(4n, "a"))).toBe(true);
  expect(seen.last).toBe(5n);
});
