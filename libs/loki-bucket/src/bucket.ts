import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { RatatoskError } from "@ratatosk/model";
import { BoltIndex } from "./bolt-index.ts";
import { flatPrefix, keyOfFile, latestMs, parseChunkKey } from "./chunk-key.ts";
import { ChunkReader, type ChunkReaderOptions } from "./chunk-reader.ts";
import { corrupt } from "./corrupt.ts";
import { DiskCache } from "./disk-cache.ts";
import { Remembered } from "./remembered.ts";
import type { Period } from "./schema-config.ts";
import type { IndexedChunk, IndexFile } from "./table.ts";
import { TsdbIndex } from "./tsdb-index.ts";

export interface BucketOptions extends ChunkReaderOptions {
  /** Tells it apart from other buckets. */
  readonly name: string;
  readonly periods: readonly Period[];
  readonly indexCacheBytes: number;
}

/** An index object of a table. */
export interface IndexObject {
  readonly key: string;
  readonly table: number;
  readonly period: Period;
  /** The tenant in whose folder it lies; undefined when it is common to all. */
  readonly tenant: string | undefined;
}

/** A table of the index; its times are milliseconds, both inclusive. */
export interface Table {
  readonly period: Period;
  readonly fromMs: number;
  readonly throughMs: number;
}

/** A chunk that lies in the bucket, as its name tells it. */
export interface ChunkObject extends IndexedChunk {
  readonly fingerprint: string;
  /** Stored bytes. */
  readonly size: number;
}

const listingMs = 60_000;
const partBytes = 8 * 2 ** 20;
const tsdbMagic = 0xbaaad700;
const fail = corrupt("index object");

/** The objects of an old bucket: finds its index files and opens them unpacked from a cache. */
export class Bucket {
  readonly #options: BucketOptions;
  readonly #indexes: DiskCache;
  readonly #listings = new Remembered<IndexObject[]>(listingMs);
  readonly #tables = new Remembered<Table[]>(listingMs);
  #lastTables: Table[] | undefined;

  /** Opens its chunks. */
  readonly chunks: ChunkReader;

  constructor(options: BucketOptions) {
    this.#options = options;
    this.#indexes = new DiskCache(`${options.cacheDirectory}/index`, options.indexCacheBytes);
    this.chunks = new ChunkReader(options);
  }

  /** Names a chunk among those of all buckets. Its key holds a checksum of all of it. */
  identityOf(key: string): string {
    return `${this.#options.name} ${key}`;
  }

  /** Index objects that may know chunks of a time range (milliseconds, both inclusive). */
  async indexObjects(fromMs: number, throughMs: number): Promise<IndexObject[]> {
    const tables = (await this.#knownTables()).filter(
      (table) => table.throughMs >= fromMs && table.fromMs <= throughMs,
    );
    return (await Promise.all(tables.map((table) => this.#list(table)))).flat();
  }

  /** Runs `work` on an open index file. Throws corrupt when the object cannot be read. */
  async withIndex<T>({ key, table, period }: IndexObject, work: (index: IndexFile) => Promise<T>): Promise<T> {
    return this.#indexes.use(
      key,
      (path) => this.#unpack(key, path),
      async (path) => {
        const index = (await isTsdb(path)) ? new TsdbIndex(path, period.schema <= 11) : new BoltIndex(path, table);
        try {
          return await work(index);
        } finally {
          index.close();
        }
      },
    );
  }

  /**
   * Tenants that have chunks: the folders beside that of the index. A directory that knows schema v11 only has none: there
   * the names of the files tell.
   */
  async tenants(): Promise<string[]> {
    const notTenants = new Set(this.#options.periods.map(({ prefix }) => prefix.split("/")[0]).concat("rules"));
    const folders = (await this.#options.objects.folders("")).filter((folder) => !notTenants.has(folder));
    if (folders.length > 0) return folders;
    const tenants = new Set<string>();
    for await (const { key } of this.#options.objects.list("")) {
      const name = keyOfFile(key);
      if (!key.includes("/") && parseChunkKey(name) !== undefined) tenants.add(name.slice(0, name.indexOf("/")));
    }
    return [...tenants].sort();
  }

  /** The tables that there are, ascending. */
  async tables(): Promise<Table[]> {
    const tables = await Promise.all(this.#options.periods.map((period) => this.#tablesOf(period)));
    return tables.flat().sort((a, b) => a.fromMs - b.fromMs);
  }

  /** The UTC day, or whatever a table covers, that a time lies in. */
  tableAt(ms: number): Table {
    const period = this.periodAt(ms);
    const start = Math.floor(ms / period.tableMs) * period.tableMs;
    const fromMs = ms < period.fromMs ? start : Math.max(start, period.fromMs);
    return { period, fromMs, throughMs: Math.min(start + period.tableMs, period.untilMs) - 1 };
  }

  /** The period that a time belongs to; before the first one, the first. */
  periodAt(ms: number): Period {
    const { periods } = this.#options;
    return periods.findLast(({ fromMs }) => fromMs <= ms) ?? periods[0]!;
  }

  /** While the bucket does not answer, those of before: what they do not touch needs no answer. */
  #knownTables(): Promise<Table[]> {
    return this.#tables.get("", async () => {
      const tables = this.tables().catch((error: unknown) => {
        if (this.#lastTables === undefined) throw error;
        return this.#lastTables;
      });
      return (this.#lastTables = await tables);
    });
  }

  async #tablesOf(period: Period): Promise<Table[]> {
    const { prefix, tableMs, fromMs, untilMs } = period;
    const slash = prefix.lastIndexOf("/") + 1;
    const folders = await this.#options.objects.folders(prefix.slice(0, slash));
    const name = prefix.slice(slash);
    return folders
      .filter((folder) => folder.startsWith(name) && /^\d+$/.test(folder.slice(name.length)))
      .map((folder) => Number(folder.slice(name.length)) * tableMs)
      .filter((start) => start + tableMs > fromMs && start < Math.min(untilMs, latestMs))
      .map((start) => ({ period, fromMs: Math.max(start, fromMs), throughMs: Math.min(start + tableMs, untilMs) - 1 }));
  }

  /** The chunks of a tenant as their names tell them, without an index. */
  async *chunkObjects(tenant: string, signal?: AbortSignal): AsyncGenerator<ChunkObject> {
    for (const prefix of [`${tenant}/`, flatPrefix(tenant)])
      for await (const { key, size } of this.#options.objects.list(prefix, signal)) {
        const chunk = parseChunkKey(key) ?? parseChunkKey(keyOfFile(key));
        if (chunk?.key.startsWith(`${tenant}/`)) yield { ...chunk, size };
      }
  }

  #list({ period, fromMs }: Table): Promise<IndexObject[]> {
    const table = Math.floor(fromMs / period.tableMs);
    const prefix = `${period.prefix}${table}/`;
    return this.#listings.get(prefix, () => this.#listNow(period, table, prefix));
  }

  async #listNow(period: Period, table: number, prefix: string): Promise<IndexObject[]> {
    const found: IndexObject[] = [];
    for await (const { key } of this.#options.objects.list(prefix)) {
      const parts = key.slice(prefix.length).split("/");
      if (parts.length <= 2) found.push({ key, table, period, tenant: parts.length === 2 ? parts[0] : undefined });
    }
    return found;
  }

  async #unpack(key: string, path: string): Promise<void> {
    const parts = this.#parts(key);
    const first = (await parts.next()).value as Uint8Array;
    const isPacked = first[0] === 0x1f && first[1] === 0x8b;
    try {
      await pipeline(all(first, parts), isPacked ? createGunzip() : new PassThrough(), createWriteStream(path));
    } catch (error) {
      if (error instanceof RatatoskError) throw error;
      throw fail(`${key}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** The bytes of an object, which may be more than fit in memory. */
  async *#parts(key: string): AsyncGenerator<Uint8Array> {
    const { objects } = this.#options;
    const { size = 0 } = (await objects.stat(key)) ?? {};
    if (size <= partBytes) yield objects.get(key);
    else
      for (let offset = 0; offset < size; offset += partBytes)
        yield objects.get(key, { offset, length: Math.min(partBytes, size - offset) });
  }
}

async function* all(first: Uint8Array, others: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* others;
}

async function isTsdb(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32BE(0) === tsdbMagic;
  } finally {
    await file.close();
  }
}
