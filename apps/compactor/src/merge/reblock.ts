import { BlockBuilder } from "@ratatosk/chunk";
import type { Block } from "@ratatosk/model";

const memoryPerBlock = 4;

/** Cuts blocks of one stream anew, to about `blockBytes` of lines each. */
export async function* reblocked(blocks: AsyncIterable<Block>, blockBytes: number): AsyncGenerator<Block> {
  let builder: BlockBuilder | undefined;
  for await (const block of blocks)
    for (let from = 0; from < block.count;) {
      const rest = block.offsets[block.count]! - block.offsets[from]!;
      builder ??= new BlockBuilder(block.base, { rows: block.count - from, bytes: Math.min(rest, blockBytes) });
      const to = rowsThatFit(block, from, blockBytes - builder.size);
      builder.append(block, from, to);
      from = to;
      if (builder.size < blockBytes * full && builder.memory < blockBytes * memoryPerBlock && to === block.count)
        continue;
      yield builder.view();
      builder = undefined;
    }
  if (builder !== undefined) yield builder.view();
}

/** A block this full is closed rather than filled with the few lines that still fit. */
const full = 0.9;

/** Where the rows end that fit into `bytes`, beginning with `from`; at least one. */
function rowsThatFit({ offsets, count }: Block, from: number, bytes: number): number {
  const limit = offsets[from]! + bytes;
  let [low, high] = [from + 1, count];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (offsets[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
