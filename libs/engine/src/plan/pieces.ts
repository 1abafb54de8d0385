import type { BlockRef, Chunk, Labels } from "@ratatosk/model";
import type { BlockSkip } from "./block-skip.ts";
import type { ChunkGroup } from "./chunk-groups.ts";
import type { Readings } from "./readings.ts";
import type { TimeRange } from "./time-range.ts";

/** Blocks that are scanned together: one, or several that overlap. Times are those of the entries wanted. */
export interface Piece {
  readonly labels: Labels;
  readonly start: bigint;
  readonly end: bigint;
  readonly blocks: readonly BlockRef[];
  readonly storedBytes: number;
  /** Some of its blocks are read whole. */
  readonly isPacked: boolean;
  /** How often the query reads a block that is packed, where that is more than once. */
  readonly reads: ReadonlyMap<BlockRef, number>;
  /** Bytes that a job holds of it. */
  readonly jobBytes: number;
  /** The newest and the oldest entry it may hold. */
  readonly minTime: bigint;
  readonly maxTime: bigint;
}

const largestMerge = 8 * 2 ** 20;

/** What pieces are made for: entries of a time range that may pass a filter. */
export interface PieceOptions {
  readonly range: TimeRange;
  readonly skip: BlockSkip;
  readonly readings: Readings;
}

/** Cuts a group of chunks into pieces within [start, end). Blocks that the filter excludes are left out. */
export async function piecesOf(group: ChunkGroup, options: PieceOptions, signal: AbortSignal): Promise<Piece[]> {
  const { range, skip } = options;
  const lists = await Promise.all(group.chunks.map((chunk) => blocksWithin(chunk, range, skip, signal)));
  return cutBlocks(group.labels, options, lists.flat());
}

/** The blocks of a chunk that may hold entries of [start, end) which pass the filter, without their skip indexes. */
export async function blocksWithin(
  chunk: Chunk,
  { start, end }: TimeRange,
  filter: BlockSkip,
  signal: AbortSignal,
): Promise<BlockRef[]> {
  const blocks = await chunk.blocks(signal, filter.asks);
  const left = blocks.filter((block) => block.minTime < end && block.maxTime >= start && filter.mayMatch(block));
  return filter.asks ? left.map((block) => ({ ...block, mayContain: () => true })) : left;
}

/** Joins blocks while they overlap; what grows too large is cut at the start of a block, which others may cross. */
export function cutBlocks(
  labels: Labels,
  { range, readings }: Pick<PieceOptions, "range" | "readings">,
  unsorted: readonly BlockRef[],
): Piece[] {
  const blocks = unsorted.toSorted((a, b) => (a.minTime < b.minTime ? -1 : a.minTime > b.minTime ? 1 : 0));
  const cuts: Cut[] = [];
  let open: BlockRef[] = [];
  let start = range.start;
  for (const block of blocks) {
    const overlaps = open.some(({ maxTime }) => maxTime >= block.minTime);
    const tooLarge = open.reduce((bytes, { bytes: more }) => bytes + more, 0) > largestMerge;
    if (open.length > 0 && (!overlaps || (tooLarge && block.minTime > start))) {
      cuts.push({ start, end: block.minTime, blocks: [...open] });
      open = open.filter(({ maxTime }) => maxTime >= block.minTime);
      start = block.minTime;
    }
    open.push(block);
  }
  if (open.length > 0) cuts.push({ start, end: range.end, blocks: open });
  const reads = readsOf(cuts, labels, readings);
  return cuts.map((cut) => piece(labels, cut, reads));
}

type Cut = Pick<Piece, "start" | "end" | "blocks">;
const noReads: Piece["reads"] = new Map();

/** How often each packed block is read by this part of the query and the others, where that is more than once. */
function readsOf(cuts: readonly Cut[], labels: Labels, readings: Readings): Piece["reads"] {
  const packed = cuts.flatMap(({ blocks }) => blocks.filter(({ isPacked }) => isPacked));
  if (packed.length === 0) return noReads;
  const reads = new Map<BlockRef, number>();
  const readingsOf = readings.ofStream(labels);
  for (const block of packed) reads.set(block, (reads.get(block) ?? 0) + readingsOf(block));
  return new Map([...reads].filter(([, times]) => times > 1));
}

function piece(labels: Labels, { start, end, blocks }: Cut, reads: Piece["reads"]): Piece {
  const [oldest, newest] = extremes(blocks);
  const sum = (bytesOf: (block: BlockRef) => number): number =>
    blocks.reduce((bytes, block) => bytes + bytesOf(block), 0);
  return {
    labels,
    start,
    end,
    blocks,
    storedBytes: sum(({ storedBytes }) => storedBytes),
    isPacked: blocks.some((block) => block.isPacked),
    reads,
    jobBytes: sum((block) => (reads.has(block) ? Math.max(block.bytes, block.storedBytes) : block.storedBytes)),
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
