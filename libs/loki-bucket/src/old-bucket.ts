import type { Block, Labels } from "@ratatosk/model";
import { decodeLokiBlock, packedBlock } from "./block.ts";
import type { Bucket } from "./bucket.ts";
import { findSeries, type FoundSeries } from "./find-series.ts";
import type { IndexedChunk } from "./table.ts";

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

  /** Old tenants that have chunks. */
  tenants(): Promise<string[]> {
    return this.#bucket.tenants();
  }

  /** The times that the index has tables for: milliseconds, both inclusive, ascending. */
  tables(): Promise<{ fromMs: number; throughMs: number }[]> {
    return this.#bucket.tables();
  }

  /** All streams that the index knows in a time range; what it could not read is added to `warnings`. */
  async streams(
    tenant: string,
    { fromMs, throughMs }: { fromMs: number; throughMs: number },
    warnings: string[],
    signal: AbortSignal,
  ): Promise<OldStream[]> {
    const found = new Map<string, FoundSeries>();
    await findSeries(this.#bucket, { tenant, matchers: [], fromMs, throughMs }, { found, warnings, signal });
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

  /** Reads a chunk. Throws not_found, corrupt. */
  async read(chunk: IndexedChunk, signal: AbortSignal): Promise<OldChunk> {
    const object = await this.#bucket.chunk(chunk, signal);
    return {
      labels: object.labels,
      blocks: object.blocks.map((meta) => decodeLokiBlock(packedBlock(object, meta), everything)),
    };
  }
}

const byText = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);
const byTime = (a: IndexedChunk, b: IndexedChunk): number => a.fromMs - b.fromMs || a.throughMs - b.throughMs;
