import type { TimeBounds } from "@ratatosk/http";
import { type Chunk, type ChunkSource, type Matcher, shareWithin } from "@ratatosk/model";

/** How much a selection holds. */
export interface SelectionStats {
  readonly streams: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly entries: number;
}

export interface StatsOptions {
  readonly source: ChunkSource;
  readonly tenant: string;
  readonly matchers: readonly Matcher[];
  /** Undefined where nothing may be looked at. */
  readonly range: TimeBounds | undefined;
  readonly signal: AbortSignal;
}

/** Counts a selection from the index alone. Chunks that lie partly in the range count in part. */
export async function selectionStats({
  source,
  tenant,
  matchers,
  range,
  signal,
}: StatsOptions): Promise<SelectionStats> {
  if (range === undefined) return { streams: 0, chunks: 0, bytes: 0, entries: 0 };
  const { chunks } = await source.select({ tenant, matchers, ...range }, signal);
  const sum = (amount: (chunk: Chunk) => number): number =>
    Math.round(chunks.reduce((total, chunk) => total + amount(chunk) * shareWithin(chunk, range), 0));
  return {
    streams: new Set(chunks.map(({ stream }) => stream)).size,
    chunks: chunks.length,
    bytes: sum(({ bytes }) => bytes),
    entries: sum(({ entries }) => entries),
  };
}
