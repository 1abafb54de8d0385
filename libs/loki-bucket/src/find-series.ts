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
}

/** Series looked at before other work gets its turn. */
const seriesPerTurn = 500;

/** Adds the streams that the bucket's index files know to `found`, by their text; files that are damaged to `warnings`. */
export async function findSeries(
  bucket: Bucket,
  { tenant, matchers, fromMs, throughMs }: SeriesQuery,
  { found, warnings, signal }: { found: Map<string, FoundSeries>; warnings: string[]; signal: AbortSignal },
): Promise<void> {
  const matches = compileSelector(matchers);
  const equals = matchers
    .filter(({ op, value }) => op === "=" && value !== "")
    .map(({ name, value }) => [name, value] as const);
  for (const object of await bucket.indexObjects(fromMs, throughMs)) {
    if (object.tenant !== undefined && object.tenant !== tenant) continue;
    signal.throwIfAborted();
    const read = bucket.withIndex(object, async (index) => {
      let turn = 0;
      for (const series of index.select({ tenant, fromMs, throughMs, matches, equals })) {
        add(found, series);
        if (++turn % seriesPerTurn === 0) await setImmediate();
      }
    });
    await read.catch((error: unknown) => warnings.push(damage(object.key, error)));
  }
}

function add(found: Map<string, FoundSeries>, { labels, chunks }: IndexedSeries): void {
  const stream = formatLabels(labels);
  const known = found.get(stream) ?? { labels, chunks: new Map() };
  for (const chunk of chunks) known.chunks.set(chunk.key, chunk);
  found.set(stream, known);
}

function damage(key: string, error: unknown): string {
  const { code, message } = RatatoskError.from(error);
  if (code === "cancelled" || code === "unavailable" || code === "internal") throw error;
  return `old index ${key} could not be read: ${message}`;
}
