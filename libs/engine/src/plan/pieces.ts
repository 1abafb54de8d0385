import type { BlockRef, Chunk, Labels } from "@ratatosk/model";
import type { BlockSkip } from "./block-skip.ts";
import type { ChunkGroup } from "./chunk-groups.ts";

/** Blocks that are scanned together: one, or several that overlap. Times are those of the entries wanted. */
export interface Piece {
  readonly labels: Labels;
  readonly start: bigint;
  readonly end: bigint;
  readonly blocks: readonly BlockRef[];
  readonly storedBytes: number;
  /** The newest and the oldest entry it may hold. */
  readonly minTime: bigint;
  readonly maxTime: bigint;
}

export interface TimeRange {
  readonly start: bigint;
  readonly end: bigint;
}

const largestMerge = 8 * 2 ** 20;

/** Cuts a group of chunks into pieces within [start, end). Blocks that the filter excludes are left out. */
export async function piecesOf(
  group: ChunkGroup,
  range: TimeRange,
  filter: BlockSkip,
  signal: AbortSignal,
): Promise<Piece[]> {
  const lists = await Promise.all(group.chunks.map((chunk) => blocksWithin(chunk, range, filter, signal)));
  return cutBlocks(group.labels, range, lists.flat());
}

/** The blocks of a chunk that may hold entries of [start, end) which pass the filter. */
export async function blocksWithin(
  chunk: Chunk,
  { start, end }: TimeRange,
  filter: BlockSkip,
  signal: AbortSignal,
): Promise<BlockRef[]> {
  const blocks = await chunk.blocks(signal, filter.asks);
  return blocks.filter((block) => block.minTime < end && block.maxTime >= start && filter.mayMatch(block));
}

/** Joins blocks while they overlap; what grows too large is cut at the start of a block, which others may cross. */
export function cutBlocks(labels: Labels, range: TimeRange, unsorted: readonly BlockRef[]): Piece[] {
  const blocks = unsorted.toSorted((a, b) => (a.minTime < b.minTime ? -1 : a.minTime > b.minTime ? 1 : 0));
  const pieces: Piece[] = [];
  let open: BlockRef[] = [];
  let start = range.start;
  for (const block of blocks) {
    const overlaps = open.some(({ maxTime }) => maxTime >= block.minTime);
    const tooLarge = open.reduce((bytes, { bytes: more }) => bytes + more, 0) > largestMerge;
    if (open.length > 0 && (!overlaps || (tooLarge && block.minTime > start))) {
      pieces.push(piece(labels, start, block.minTime, open));
      open = open.filter(({ maxTime }) => maxTime >= block.minTime);
      start = block.minTime;
    }
    open.push(block);
  }
  if (open.length > 0) pieces.push(piece(labels, start, range.end, open));
  return pieces;
}

function piece(labels: Labels, start: bigint, end: bigint, blocks: readonly BlockRef[]): Piece {
  const [oldest, newest] = extremes(blocks);
  return {
    labels,
    start,
    end,
    blocks: [...blocks],
    storedBytes: blocks.reduce((bytes, { storedBytes }) => bytes + storedBytes, 0),
    minTime: oldest > start ? oldest : start,
    maxTime: newest < end ? newest : end - 1n,
  };
}

function extremes(blocks: readonly BlockRef[]): [oldest: bigint, newest: bigint] {
  let [oldest, newest] = [blocks[0]!.minTime, blocks[0]!.maxTime];
  for (const { minTime, maxTime } of blocks) {
    if (minTime < oldest) oldest = minTime;
    if (maxTime > newest) newest = maxTime;
  }
  return [oldest, newest];
}
