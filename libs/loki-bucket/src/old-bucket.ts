import type { Block, Labels } from "@ratatosk/model";
import { decodeLokiBlock, packedBlock } from "./block.ts";
import type { Bucket, ChunkObject, Table } from "./bucket.ts";
import { findGaps, type Gap } from "./find-gaps.ts";
import { addSeries, findSeries, type FoundSeries, type IndexDamage } from "./find-series.ts";
import type { IndexedChunk, IndexedSeries } from "./table.ts";

/** A stream to be read whole. */
export interface OldStream {
  /** Undefined where only the chunks can tell. */
  readonly labels: Labels | undefined;
  /** Oldest first. */
  readonly chunks: readonly IndexedChunk[];
}

/** A chunk, decoded. */
export interface OldChunk {
  readonly labels: Labels;
  readonly blocks: readonly Block[];
}

const everything = { lines: true, metadata: "all" } as const;

/** What a reader of a whole old bucket asks: its tenants, its days, all streams of a day, the entries of a chunk. */
export class OldBucket {
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  /** Old tenants that have chunks, or index files of their own. */
  async tenants(): Promise<string[]> {
    const tenants = new Set(await this.#bucket.tenants());
    for (const { fromMs, throughMs } of await this.tables())
      for (const { tenant } of await this.#bucket.indexObjects(fromMs, throughMs))
        if (tenant !== undefined) tenants.add(tenant);
    return [...tenants].sort();
  }

  /** The tables that the index has, ascending. */
  tables(): Promise<Table[]> {
    return this.#bucket.tables();
  }

  /** The UTC day, or whatever a table covers, that a time lies in. */
  tableAt(ms: number): Table {
    return this.#bucket.tableAt(ms);
  }

  /** Index files of a table that a tenant's streams may stand in. */
  async indexKeys(tenant: string, { fromMs, throughMs }: Table): Promise<string[]> {
    const objects = await this.#bucket.indexObjects(fromMs, throughMs);
    return objects.filter((object) => (object.tenant ?? tenant) === tenant).map(({ key }) => key);
  }

  /** Every chunk of a tenant that lies in the bucket, whatever the index says. */
  objects(tenant: string): AsyncIterable<ChunkObject> {
    return this.#bucket.chunkObjects(tenant);
  }

  /** All streams that the index knows in a time range; `damaged` is told of the files that it cannot read. */
  async streams(
    tenant: string,
    { fromMs, throughMs }: { fromMs: number; throughMs: number },
    damaged: (damage: IndexDamage) => void,
    signal: AbortSignal,
  ): Promise<OldStream[]> {
    const found = new Map<string, FoundSeries>();
    const add = (series: IndexedSeries): void => addSeries(found, series);
    await findSeries(this.#bucket, { tenant, matchers: [], fromMs, throughMs }, { found: add, damaged, signal });
    return [...found]
      .sort(byText)
      .map(([, { labels, chunks }]) => ({ labels, chunks: [...chunks.values()].sort(byTime) }));
  }

  /** All streams of a tenant as the names of the chunks tell them, for a bucket that has lost its index. */
  async unindexedStreams(tenant: string): Promise<OldStream[]> {
    const byFingerprint = new Map<string, IndexedChunk[]>();
    for await (const { fingerprint, ...chunk } of this.#bucket.chunkObjects(tenant))
      byFingerprint.set(fingerprint, [...(byFingerprint.get(fingerprint) ?? []), chunk]);
    return [...byFingerprint].sort(byText).map(([, chunks]) => ({ labels: undefined, chunks: chunks.sort(byTime) }));
  }

  /** Chunks of a tenant that no index names, by day. Their names are held while they are compared. */
  async gaps(tenant: string, signal: AbortSignal): Promise<Gap[]> {
    const found = await findGaps(this.#bucket, tenant, { untilMs: Infinity, mostChunks: Infinity, signal });
    return found ?? [];
  }

  /** Reads a chunk. Throws not_found, corrupt. */
  async read(chunk: IndexedChunk, signal: AbortSignal): Promise<OldChunk> {
    const object = await this.#bucket.chunks.open(chunk, signal);
    return {
      labels: object.labels,
      blocks: object.blocks.map((meta) => decodeLokiBlock(packedBlock(object, meta), everything)),
    };
  }
}

const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
const byTime = (a: IndexedChunk, b: IndexedChunk): number => a.fromMs - b.fromMs || a.throughMs - b.throughMs;
