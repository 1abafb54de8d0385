import { expect, test } from "vitest";
import { BoundedCache } from "./bounded-cache.ts";

test("values not asked for the longest go once there are too many bytes", () => {
  const cache = new BoundedCache<string>(10);
  cache.set("a", "A", 4);
  cache.set("b", "B", 4);
  expect(cache.get("a")).toBe("A");
  cache.set("c", "C", 4);
  expect(["a", "b", "c"].map((key) => cache.get(key))).toEqual(["A", undefined, "C"]);
  expect(cache.bytes).toBe(8);
});

test("a value that grows counts with what it has become", () => {
  const cache = new BoundedCache<string>(10);
  cache.set("a", "A", 4);
  cache.set("b", "B", 4);
  cache.grow("b", "B", 3);
  expect([cache.get("a"), cache.get("b"), cache.bytes]).toEqual([undefined, "B", 7]);
  cache.grow("a", "A", 5);
  cache.grow("b", "another", 5);
  expect(cache.bytes).toBe(7);
});
