import { BlockBuilder, sortBlock } from "@ratatosk/chunk";
import type { IndexedChunk, OldChunk } from "@ratatosk/loki-bucket";
import { type Block, type Labels, rowFrom, timeOf } from "@ratatosk/model";

export interface MergeOptions {
  /** The chunk, or undefined where it cannot be read. */
  readonly read: (chunk: IndexedChunk) => Promise<OldChunk | undefined>;
  /** Unix nanoseconds: `start` inclusive, `end` exclusive. */
  readonly start: bigint;
  readonly end: bigint;
}

/** Entries of one stream and one UTC day, ascending by time, none twice. */
export interface MergedBlock {
  readonly labels: Labels;
  readonly block: Block;
  /** Entries of the range that were read for it, copies included. */
  readonly read: number;
}

const blockBytes = 2 ** 20;
const nanosPerMs = 1_000_000n;
const nanosPerDay = 86_400_000_000_000n;

/**
 * The entries of a stream's chunks, which may overlap and repeat each other, in blocks of about a megabyte. Chunks come
 * sorted by their start, so what lies before the next one's start is complete.
 */
export async function* mergedBlocks(
  chunks: readonly IndexedChunk[],
  { read, start, end }: MergeOptions,
): AsyncGenerator<MergedBlock> {
  let labels: Labels | undefined;
  let open: BlockBuilder | undefined;
  let unreported = 0;
  for (const [at, chunk] of chunks.entries()) {
    const old = await read(chunk);
    labels ??= old?.labels;
    for (const block of old?.blocks ?? []) {
      open ??= new BlockBuilder(block.base);
      unreported += appendRange(open, block, start, end);
    }
    const next = chunks[at + 1];
    if (open === undefined || open.count === 0 || (next !== undefined && open.size < blockBytes)) continue;
    const sorted = sortBlock(open.view());
    const ready = next === undefined ? sorted.count : rowFrom(sorted, BigInt(next.fromMs) * nanosPerMs);
    for (const [from, to] of pieces(sorted, ready)) {
      yield { labels: labels!, block: rows(sorted, from, to), read: unreported };
      unreported = 0;
    }
    open = ready === sorted.count ? undefined : builderOf(sorted, ready, sorted.count);
  }
}

function appendRange(builder: BlockBuilder, block: Block, start: bigint, end: bigint): number {
  const [from, to] = [rowFrom(block, start), rowFrom(block, end)];
  if (to > from) builder.append(block, from, to);
  return Math.max(0, to - from);
}

/** Runs of rows below `ready` that fill a block or end with a day. */
function* pieces(block: Block, ready: number): Generator<[from: number, to: number]> {
  for (let from = 0; from < ready;) {
    const midnight = (timeOf(block, from) / nanosPerDay + 1n) * nanosPerDay;
    const dayEnd = Math.min(rowFrom(block, midnight), ready);
    let to = from + 1;
    while (to < dayEnd && block.offsets[to]! - block.offsets[from]! < blockBytes) to++;
    yield [from, to];
    from = to;
  }
}

const rows = (block: Block, from: number, to: number): Block => builderOf(block, from, to).view();

function builderOf(block: Block, from: number, to: number): BlockBuilder {
  const builder = new BlockBuilder(block.base, { rows: to - from, bytes: block.offsets[to]! - block.offsets[from]! });
  builder.append(block, from, to);
  return builder;
}
