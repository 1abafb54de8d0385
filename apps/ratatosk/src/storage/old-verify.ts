import type { IndexedChunk, OldBucket, OldChunk, OldStream } from "@ratatosk/loki-bucket";
import { formatLabels, RatatoskError, timeOf } from "@ratatosk/model";
import { dayOf, type OldTable, ownStreams, tablesOf } from "./old-tables.ts";
import type { Finding } from "./verify.ts";

export interface OldVerifyOptions {
  readonly bucket: OldBucket;
  readonly found: (finding: Finding) => void;
  /** Told of each object that was read. */
  readonly progress: (key: string) => void;
  readonly signal: AbortSignal;
}

/** Names of objects held at a time; a tenant with more is listed several times. */
const mostNames = 500_000;
const nanosPerMs = 1_000_000n;

/** Reads every chunk of a tenant that an old bucket has, and compares it with the index and the objects that are there. */
export async function verifyOldTenant(tenant: string, options: OldVerifyOptions): Promise<void> {
  const { bucket, found, signal } = options;
  const told = new Set<string>();
  const damaged = ({ key, why }: { key: string; why: string }): void => {
    if (!told.has(key)) found({ kind: "damaged", key, what: why });
    told.add(key);
  };
  const carried = new Set<string>();
  for (const tables of groups(await tablesOf(bucket, tenant))) {
    const there = await namesOf(bucket, tenant, tables);
    for (const table of tables) {
      for (const key of await bucket.indexKeys(tenant, table)) options.progress(key);
      for (const stream of await ownStreams(bucket, tenant, table, { carried, damaged, signal }))
        for (const chunk of stream.chunks) {
          there.delete(chunk.key);
          await verifyChunk(stream, chunk, options);
        }
    }
    for (const [key, chunk] of there) {
      found({ kind: "unindexed", key, what: `no index file of ${dayOf(chunk.fromMs)} names it` });
      await verifyChunk({ labels: undefined }, chunk, options);
    }
  }
}

/** Consecutive tables whose objects' names may be held together. */
function groups(tables: readonly OldTable[]): OldTable[][] {
  const all: OldTable[][] = [];
  let names = Infinity;
  for (const table of tables) {
    if (names + table.objects > mostNames) {
      all.push([]);
      names = 0;
    }
    all.at(-1)!.push(table);
    names += table.objects;
  }
  return all;
}

async function namesOf(
  bucket: OldBucket,
  tenant: string,
  tables: readonly OldTable[],
): Promise<Map<string, IndexedChunk>> {
  const names = new Map<string, IndexedChunk>();
  const [fromMs, throughMs] = [tables[0]!.fromMs, tables.at(-1)!.throughMs];
  for await (const chunk of bucket.objects(tenant))
    if (chunk.fromMs >= fromMs && chunk.fromMs <= throughMs) names.set(chunk.key, chunk);
  return names;
}

async function verifyChunk(
  { labels }: Pick<OldStream, "labels">,
  chunk: IndexedChunk,
  { bucket, found, progress, signal }: OldVerifyOptions,
): Promise<void> {
  const { key } = chunk;
  progress(key);
  try {
    const old = await bucket.read(chunk, signal);
    for (const what of disagreements(old, chunk)) found({ kind: "disagrees", key, what });
    if (labels !== undefined && formatLabels(labels) !== formatLabels(old.labels))
      found({
        kind: "disagrees",
        key,
        what: `holds ${formatLabels(old.labels)}, the index says ${formatLabels(labels)}`,
      });
  } catch (thrown) {
    const { code, message } = RatatoskError.from(thrown);
    if (code !== "corrupt" && code !== "not_found") throw thrown;
    const what = code === "not_found" ? "the index names it" : message;
    found({ kind: code === "not_found" ? "missing" : "damaged", key, what });
  }
}

/** Where a chunk differs from its name and its index entry. */
function* disagreements({ blocks }: OldChunk, { fromMs, throughMs, entries }: IndexedChunk): Generator<string> {
  const count = blocks.reduce((sum, block) => sum + block.count, 0);
  if (entries !== undefined && entries !== count) yield `${count} lines, the index says ${entries}`;
  const [from, through] = [BigInt(fromMs) * nanosPerMs, BigInt(throughMs) * nanosPerMs];
  if (blocks.some((block) => block.count > 0 && (timeOf(block, 0) < from || timeOf(block, block.count - 1) > through)))
    yield "has lines outside the time that its name tells";
}
