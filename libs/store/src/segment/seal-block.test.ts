import { decodeBlock } from "@ratatosk/chunk";
import { joinLines, randomBlock, randomFrom } from "@ratatosk/chunk/testing";
import type { Block } from "@ratatosk/model";
import { expect, test } from "vitest";
import { sealBlock, sealNow } from "./seal-block.ts";

const random = randomFrom(1);

/** Lines that no codec makes smaller. */
function noise(rows: number): Block {
  const line = (): Buffer => Buffer.from(Array.from({ length: 300 }, () => 11 + Math.floor(random() * 240)));
  const deltas = Float64Array.from({ length: rows }, (_, row) => row * 1e9);
  return { count: rows, base: 7n, deltas, ...joinLines(Array.from({ length: rows }, line)), metadata: [] };
}

test("a thread seals blocks as this thread does and leaves them as they are", async () => {
  const sizes = [1, 4000, 3000, 900, 5000, 20, 4000];
  const blocks = [
    ...sizes.map((rows) => randomBlock(random, rows)),
    noise(2000),
    noise(400),
    randomBlock(random, 3000),
  ];
  const before = structuredClone(blocks);
  const expected = blocks.map((block) => sealNow(block, 1));
  const sealed = await Promise.all(blocks.map((block) => sealBlock(block)));
  expect(sealed).toEqual(expected);
  expect(blocks).toEqual(before);
});

test("a higher level makes blocks smaller", async () => {
  const block = randomBlock(random, 5000);
  const bytes = async (level: number): Promise<number> =>
    (await sealBlock(block, level)).columns.columns.reduce((sum, { bytes: { length } }) => sum + length, 0);
  expect(await bytes(12)).toBeLessThan(await bytes(1));
});

test.each([20, 2000])(
  "nothing sealed of %d rows lies in the block's memory, which serves another block",
  async (rows) => {
    const block = noise(rows);
    const sealed = await sealBlock(block);
    const lines = block.lines.slice();
    for (const memory of [block.lines, block.deltas, block.offsets]) (memory.buffer as ArrayBuffer).transfer(0);
    expect(decodeBlock(sealed.columns, { lines: true, metadata: "all" }).lines).toEqual(lines);
  },
);
