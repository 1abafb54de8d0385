import { joinLines } from "@ratatosk/chunk/testing";
import { type Block, lineOf } from "@ratatosk/model";
import { test } from "vitest";
import { mergedRows } from "./merged-rows.ts";

const rows = 2500;

/** A block as one of three replicas has it, of lines that the others have too. */
function blockOf(number: number): Block {
  const line = (row: number): Buffer =>
    Buffer.from(`level=info msg="request ${number * rows + row} completed" path=/orders`);
  return {
    count: rows,
    base: BigInt(number) * 10_000_000_000n,
    deltas: Float64Array.from({ length: rows }, (_, row) => row * 4_000_000),
    ...joinLines(Array.from({ length: rows }, (_, row) => line(row))),
    metadata: [],
  };
}

const blocks = Array.from({ length: 8 }, (_, number) => blockOf(number)).flatMap((block) => [block, block, block]);
const sources = blocks.map((block) => ({ minTime: block.base, open: () => Promise.resolve(block) }));

test(`${blocks.length} blocks of ${rows} lines that three replicas hold`, async ({ bench }) => {
  await bench.compare(
    bench("merged in slices", async () => {
      for await (const block of mergedRows(sources)) void block.count;
    }),
    bench("the plain way: a map of all lines, sorted", () => {
      const seen = new Map<string, bigint>();
      for (const block of blocks)
        for (let row = 0; row < block.count; row++) {
          const time = block.base + BigInt(block.deltas[row]!);
          seen.set(`${time} ${Buffer.from(lineOf(block, row)).toString()}`, time);
        }
      [...seen].sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
    }),
  );
});
