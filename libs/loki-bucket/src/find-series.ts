import { setImmediate } from "node:timers/promises";
import { formatLabels, type Labels, type Matcher, RatatoskError } from "@ratatosk/model";
import type { Bucket } from "./bucket.ts";
import { compileSelector } from "./selector.ts";
import type { IndexedChunk, IndexedSeries } from "./table.ts";

/** A stream of an old bucket, with its chunks by key: one that two tables or two files name counts once. */
export interface FoundSeries {
  readonly labels: Labels;
  readonly chunks: Map<string, IndexedChunk>;
}

/** What is sought: streams of an old tenant; milliseconds, both inclusive. */
export interface SeriesQuery {
  readonly tenant: string;
  readonly matchers: readonly Matcher[];
  readonly fromMs: number;
  readonly throughMs: number;
  readonly oneChunk?: boolean;
}

/** Series looked at before other work gets its turn. */
const seriesPerTurn = 500;

/** An index file that cannot be read. */
export interface IndexDamage {
  readonly key: string;
  readonly why: string;
}

/** Who is told of what is found. */
export interface SeriesFinder {
  /** A series as one index file knows it; another may know more chunks of it. */
  readonly found: (series: IndexedSeries) => void;
  readonly damaged: (damage: IndexDamage) => void;
  readonly signal: AbortSignal;
}

/** Looks for streams in the bucket's index files. */
export async function findSeries(
  bucket: Bucket,
  { matchers, ...query }: SeriesQuery,
  { found, damaged, signal }: SeriesFinder,
): Promise<void> {
  const { tenant, fromMs, throughMs } = query;
  const matches = compileSelector(matchers);
  const equals = matchers
    .filter(({ op, value }) => op === "=" && value !== "")
    .map(({ name, value }) => [name, value] as const);
  for (const object of await bucket.indexObjects(fromMs, throughMs)) {
    if (object.tenant !== undefined && object.tenant !== tenant) continue;
    signal.throwIfAborted();
    const read = bucket.withIndex(object, async (index) => {
      let turn = 0;
      for (const series of index.select({ ...query, matches, equals })) {
        found(series);
        if (++turn % seriesPerTurn === 0) await setImmediate();
      }
    });
    await read.catch((error: unknown) => damaged({ key: object.key, why: reasonOf(error) }));
  }
}

/** Adds a series and its chunks to those of the same text. */
export function addSeries(found: Map<string, FoundSeries>, { labels, chunks }: IndexedSeries): void {
  const stream = formatLabels(labels);
  const known = found.get(stream) ?? { labels, chunks: new Map() };
  for (const chunk of chunks) known.chunks.set(chunk.key, chunk);
  found.set(stream, known);
}

/** The warning of an answer. */
export const indexWarning = ({ key, why }: IndexDamage): string => `old index ${key} could not be read: ${why}`;

/** Why a file cannot be read; what is no damage is thrown on. */
function reasonOf(error: unknown): string {
  const { code, message } = RatatoskError.from(error);
  if (code === "cancelled" || code === "unavailable" || code === "internal") throw error;
  return message;
}
