import { type Block, lineOf, metadataOf, timeOf } from "@ratatosk/model";
import { expect, test } from "vitest";
import { sortBlock } from "./sort-block.ts";
import { randomBlock, randomFrom } from "./testing.ts";

const rowsOf = (block: Block): string[] =>
  Array.from({ length: block.count }, (_, row) =>
    JSON.stringify([String(timeOf(block, row)), [...lineOf(block, row)], metadataOf(block, row)]),
  );

test("sorting is stable, keeps every distinct row and drops exact duplicates", () => {
  const random = randomFrom(21);
  for (let round = 0; round < 60; round++) {
    const block = randomBlock(random, 1 + Math.floor(random() * 80));
    const sorted = sortBlock(block);
    const byTime = rowsOf(block).sort((a, b) => Number(BigInt(JSON.parse(a)[0]) - BigInt(JSON.parse(b)[0])));
    expect(rowsOf(sorted)).toEqual([...new Set(byTime)]);
  }
});

test("a block in order is returned as it is", () => {
  const block = { ...randomBlock(randomFrom(1), 5), deltas: Float64Array.of(1, 2, 3, 9, 10) };
  expect(sortBlock(block)).toBe(block);
});
