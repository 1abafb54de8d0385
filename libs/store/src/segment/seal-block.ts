import { levelsOf, packBlock, sortBlock, type StoredColumn } from "@ratatosk/chunk";
import type { Block } from "@ratatosk/model";
import { buildSkip } from "@ratatosk/skip-index";
import { SealThreads } from "./seal-threads.ts";
import type { SegmentBlock } from "./segment-format.ts";

/** Blocks smaller than this are sealed at once: the way to a thread costs more. */
const smallestSent = 32 * 1024;
const threads = new SealThreads();

/**
 * A block made ready for a segment: rows ascending by time, exact duplicates dropped, compressed (with zstd at a level),
 * with its skip index. The work is done on another thread; the block stays as it is.
 */
export async function sealBlock(block: Block, level = 1): Promise<SegmentBlock> {
  if (block.lines.length < smallestSent) return sealNow(block, level);
  // A thread that fails may have run out of memory: this one has some.
  return threads.seal(block, level).catch(() => sealNow(block, level));
}

/** The same on this thread. Nothing of it lies in the block's memory. */
export function sealNow(block: Block, level: number): SegmentBlock {
  const sorted = sortBlock(block);
  const values = sorted.metadata.flatMap((column) => column.values);
  const packed = packBlock(sorted, "zstd", level);
  return {
    columns: { ...packed, columns: packed.columns.map((column) => apartFrom(block, column)) },
    levels: levelsOf(sorted),
    skip: buildSkip(sorted.lines, sorted.offsets, { values }),
  };
}

/** Lines that compression does not make smaller still lie where the block has them. */
const apartFrom = ({ lines }: Block, column: StoredColumn): StoredColumn =>
  column.bytes.buffer === lines.buffer ? { ...column, bytes: column.bytes.slice() } : column;
