import { expect, test } from "vitest";
import { QueryBudget, SharedMemory } from "./query-budget.ts";

test("one query may not take more than its own part", () => {
  const budget = new QueryBudget(2 ** 20);
  budget.take(2 ** 20);
  expect(() => budget.take(1)).toThrow("the query needs more than 1 MiB of memory");
  budget.take(-1);
  expect(() => budget.take(1)).not.toThrow();
});

test("queries share what there is, and give it back", () => {
  const shared = new SharedMemory(150);
  const [first, second] = [new QueryBudget(100, shared), new QueryBudget(100, shared)];
  first.take(100);
  expect(() => second.take(51)).toThrow("too many outstanding requests");
  second.take(50);
  first.release();
  expect(() => second.take(50)).not.toThrow();
  second.release();
  expect(shared.take(150)).toBe(true);
});
