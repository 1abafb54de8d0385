import { BlockBuilder, sortBlock } from "@ratatosk/chunk";
import type { Block } from "@ratatosk/model";

/** A block of the stream that has not been read. */
export interface Source {
  readonly minTime: bigint;
  /** Its rows, ascending by time; there may be none. */
  open(): Promise<Block>;
}

export interface MergeBudget {
  /** Raw bytes that are brought together where that is possible. */
  readonly sliceBytes: number;
  /** Raw bytes that may be open at once; over it order and duplicates are left to readers. */
  readonly openBytes: number;
}

const usual: MergeBudget = { sliceBytes: 2 * 2 ** 20, openBytes: 48 * 2 ** 20 };

interface Open {
  readonly block: Block;
  at: number;
}

/**
 * The entries of one stream in blocks that follow one another in time, exact duplicates dropped. Blocks that overlap are
 * cut where the next one begins, so that no more is in memory than overlaps.
 */
export async function* mergedRows(sources: readonly Source[], budget: MergeBudget = usual): AsyncGenerator<Block> {
  const sorted = sources.toSorted((a, b) => (a.minTime < b.minTime ? -1 : a.minTime > b.minTime ? 1 : 0));
  let open: Open[] = [];
  for (let next = 0; next < sorted.length || open.length > 0;) {
    while (next < sorted.length && (open.length === 0 || bytesOf(open) < budget.sliceBytes))
      open.push(...(await opened(sorted[next++]!)));
    const boundary = bytesOf(open) > budget.openBytes ? undefined : sorted[next]?.minTime;
    const slice = takeBefore(open, boundary);
    open = open.filter(({ block, at }) => at < block.count);
    if (slice !== undefined) yield slice;
    else if (next < sorted.length) open.push(...(await opened(sorted[next++]!)));
  }
}

async function opened(source: Source): Promise<Open[]> {
  const block = await source.open();
  return block.count === 0 ? [] : [{ block, at: 0 }];
}

/** Takes the rows before a time (all without one) out of the open blocks; undefined where there are none. */
function takeBefore(open: readonly Open[], boundary: bigint | undefined): Block | undefined {
  const parts = open
    .map((one) => ({ one, to: boundary === undefined ? one.block.count : lowerBound(one.block, boundary) }))
    .filter(({ one, to }) => to > one.at);
  if (parts.length === 0) return undefined;
  const rows = parts.reduce((sum, { one, to }) => sum + to - one.at, 0);
  const bytes = parts.reduce((sum, { one, to }) => sum + one.block.offsets[to]! - one.block.offsets[one.at]!, 0);
  const builder = new BlockBuilder(parts[0]!.one.block.base, { rows, bytes });
  for (const { one, to } of parts) {
    builder.append(one.block, one.at, to);
    one.at = to;
  }
  return sortBlock(builder.view());
}

/** The first row at or after a time. */
function lowerBound({ base, deltas, count }: Block, time: bigint): number {
  const delta = Number(time - base);
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (deltas[middle]! < delta) low = middle + 1;
    else high = middle;
  }
  return low;
}

const bytesOf = (open: readonly Open[]): number =>
  open.reduce((sum, { block, at }) => sum + block.lines.length - block.offsets[at]!, 0);
