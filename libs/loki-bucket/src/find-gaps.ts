import { setImmediate } from "node:timers/promises";
import { RatatoskError } from "@ratatosk/model";
import type { Bucket, Table } from "./bucket.ts";
import { parseChunkKey } from "./chunk-key.ts";

/**
 * Chunks that lie in the bucket and that the index of a table does not name; one over midnight counts on its first day.
 * Milliseconds, both inclusive.
 */
export interface Gap {
  readonly fromMs: number;
  readonly throughMs: number;
  readonly chunks: number;
}

export interface GapSearch {
  /** A chunk that ends later may not be in the index yet. */
  readonly untilMs: number;
  /** A tenant with more chunks is not looked at. */
  readonly mostChunks: number;
  readonly signal: AbortSignal;
}

/** Chunks of one table. What a name tells is kept as numbers: half a million take 20 MB. */
interface Names {
  readonly table: Table;
  readonly ids: number[];
  readonly fromMs: number[];
  readonly throughMs: number[];
}

/** The warning of an answer. */
export function gapWarning(gaps: readonly Gap[]): string {
  const all = gaps.reduce((a, b) => ({
    fromMs: Math.min(a.fromMs, b.fromMs),
    throughMs: Math.max(a.throughMs, b.throughMs),
    chunks: a.chunks + b.chunks,
  }));
  const [first, last] = [all.fromMs, all.throughMs].map((ms) => new Date(ms).toISOString().slice(0, 10));
  const { chunks } = all;
  const when = first === last ? first : `${first} to ${last}`;
  const which = chunks === 1 ? "a chunk" : `${chunks} chunks`;
  return `the lines of ${which} of ${when} in an old bucket are missing: no index names ${chunks === 1 ? "it" : "them"}`;
}

const namesPerTurn = 2000;

/**
 * Compares the names of a tenant's chunks with what the index names, table by table, ascending. A table whose index
 * cannot be read is left out: answers tell of that themselves. Undefined where there are too many chunks.
 */
export async function findGaps(bucket: Bucket, tenant: string, search: GapSearch): Promise<Gap[] | undefined> {
  const tables = await listNames(bucket, tenant, search);
  if (tables === undefined) return undefined;
  const gaps: Gap[] = [];
  const told = new Set<number>();
  for (const names of [...tables.values()].sort((a, b) => a.table.fromMs - b.table.fromMs)) {
    search.signal.throwIfAborted();
    const unseen = await unnamed(bucket, tenant, names).catch(ifDamaged);
    const left = unseen.filter((row) => !told.has(names.ids[row]!));
    if (left.length === 0) continue;
    for (const row of left) if (names.throughMs[row]! > names.table.throughMs) told.add(names.ids[row]!);
    gaps.push(gapOf(names, left));
  }
  return gaps;
}

function gapOf({ fromMs, throughMs }: Names, rows: readonly number[]): Gap {
  return {
    fromMs: rows.reduce((low, row) => Math.min(low, fromMs[row]!), Infinity),
    throughMs: rows.reduce((high, row) => Math.max(high, throughMs[row]!), 0),
    chunks: rows.length,
  };
}

async function listNames(
  bucket: Bucket,
  tenant: string,
  { untilMs, mostChunks, signal }: GapSearch,
): Promise<Map<number, Names> | undefined> {
  const tables = new Map<number, Names>();
  let chunks = 0;
  for await (const { key, fromMs, ...chunk } of bucket.chunkObjects(tenant, signal)) {
    if (++chunks > mostChunks) return undefined;
    if (chunks % namesPerTurn === 0) await setImmediate();
    if (chunk.throughMs > untilMs) continue;
    // The end is rounded up: a chunk that ends at midnight need not be named by the next day.
    const throughMs = Math.max(fromMs, chunk.throughMs - 1);
    const touched = [bucket.tableAt(fromMs), bucket.tableAt(throughMs)];
    for (const table of new Map(touched.map((one) => [one.fromMs, one])).values()) {
      const names = tables.get(table.fromMs) ?? { table, ids: [], fromMs: [], throughMs: [] };
      tables.set(table.fromMs, names);
      names.ids.push(idOf(key));
      names.fromMs.push(fromMs);
      names.throughMs.push(throughMs);
    }
  }
  return tables;
}

/** Rows of the chunks that no index file of their table names. */
async function unnamed(bucket: Bucket, tenant: string, { table, ids }: Names): Promise<number[]> {
  const left = new Map(ids.map((id, row) => [id, row]));
  for (const object of await bucket.indexObjects(table.fromMs, table.throughMs)) {
    if (object.tenant !== undefined && object.tenant !== tenant) continue;
    await bucket.withIndex(object, async (index) => {
      let turn = 0;
      for (const { key } of index.chunks(tenant)) {
        left.delete(idOf(key));
        if (++turn % namesPerTurn === 0) await setImmediate();
      }
    });
  }
  return [...left.values()];
}

/** Tells chunks of a table apart: the checksum and the last 20 bits of the fingerprint. */
function idOf(key: string): number {
  const { fingerprint, crc } = parseChunkKey(key)!;
  return parseInt(fingerprint.slice(-5), 16) * 2 ** 32 + crc;
}

function ifDamaged(error: unknown): number[] {
  const { code } = RatatoskError.from(error);
  if (code === "corrupt" || code === "not_found") return [];
  throw error;
}
