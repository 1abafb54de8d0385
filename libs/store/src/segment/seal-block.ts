import { levelsOf, packBlock, packColumn, sortBlock, type StoredColumn } from "@ratatosk/chunk";
import type { Block } from "@ratatosk/model";
import { encodeSample, sampleBlock } from "@ratatosk/patterns";
import { buildSkip } from "@ratatosk/skip-index";
import { SealThreads } from "./seal-threads.ts";
import type { SegmentBlock } from "./segment-format.ts";

/** Blocks smaller than this are sealed at once: the way to a thread costs more. */
const smallestSent = 32 * 1024;
/** Mining a line costs as much as taking in three others: of so many lines one is mined, and of no block more than these. */
const linesPerSampled = 64;
const mostSampled = 48;
const fewestSampled = 8;
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
  const columns = packed.columns.map((column) => apartFrom(block, column));
  const patterns = patternsColumn(sorted);
  return {
    columns: { ...packed, columns: patterns === undefined ? columns : [...columns, patterns] },
    levels: levelsOf(sorted),
    skip: buildSkip(sorted.lines, sorted.offsets, { values }),
  };
}

/** What a sample of a block's lines has in common; undefined for blocks so small that they are mined when asked for. */
export function patternsColumn(block: Block): StoredColumn | undefined {
  const sampled = Math.min(mostSampled, Math.floor(block.count / linesPerSampled));
  if (sampled < fewestSampled) return undefined;
  return packColumn({ kind: "patterns", name: "", raw: encodeSample(sampleBlock(block, sampled)) });
}

/** Lines that compression does not make smaller still lie where the block has them. */
const apartFrom = ({ lines }: Block, column: StoredColumn): StoredColumn =>
  column.bytes.buffer === lines.buffer ? { ...column, bytes: column.bytes.slice() } : column;
