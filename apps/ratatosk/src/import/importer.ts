import { createHash } from "node:crypto";
import { type IndexedChunk, indexWarning, type OldBucket, type OldChunk, type OldStream } from "@ratatosk/loki-bucket";
import { RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { tablesOf } from "../storage/old-tables.ts";
import { DaySegments } from "./day-segments.ts";
import { mergedBlocks } from "./merged-blocks.ts";

export interface ImporterOptions {
  /** Tells this bucket from others in the names of what is written. */
  readonly name: string;
  readonly bucket: OldBucket;
  /** Old tenant → tenant here. */
  readonly tenants: Readonly<Record<string, string>>;
  readonly objects: ObjectStore;
  /** Unix milliseconds, both inclusive. */
  readonly fromMs: number;
  readonly throughMs: number;
  /** The bucket has no index, or none that is to be trusted: its chunks alone are read. */
  readonly withoutIndex: boolean;
  /** Only looks. */
  readonly dryRun: boolean;
  readonly progress: (done: ImportCounts, unit: string) => void;
}

/** What was imported, or would be. */
export interface ImportCounts {
  units: number;
  /** Units that an earlier import had finished. */
  skipped: number;
  streams: number;
  chunks: number;
  /** Entries stored, each once. */
  entries: number;
  /** Copies that replicas or overlapping chunks held. */
  duplicates: number;
  /** Raw bytes of the lines. */
  bytes: number;
  /** Bytes of the segments written. */
  storedBytes: number;
  /** What could not be read. */
  warnings: string[];
}

/** A part of the work that is done whole or not at all: a tenant's day, or without an index all of a tenant. */
interface Unit {
  readonly old: string;
  readonly tenant: string;
  readonly fromMs: number;
  readonly throughMs: number;
}

const nanosPerMs = 1_000_000n;
const mostWarnings = 1000;

/** Copies the entries of an old bucket into our own storage. Can be interrupted: finished units are not done again. */
export class Importer {
  readonly #options: ImporterOptions;
  readonly #counts: ImportCounts = {
    units: 0,
    skipped: 0,
    streams: 0,
    chunks: 0,
    entries: 0,
    duplicates: 0,
    bytes: 0,
    storedBytes: 0,
    warnings: [],
  };

  constructor(options: ImporterOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<ImportCounts> {
    const known = new Set<string>();
    for (const unit of await this.#units()) {
      signal.throwIfAborted();
      const before = this.#counts.chunks;
      await this.#unit(unit, signal);
      if (this.#counts.chunks > before) known.add(nameOf(unit));
      this.#counts.units++;
      this.#options.progress(this.#counts, nameOf(unit));
    }
    if (!this.#options.withoutIndex) await this.#warnOfUnindexed(known);
    return this.#counts;
  }

  /** Days whose chunks no index names are no part of what was imported. */
  async #warnOfUnindexed(known: ReadonlySet<string>): Promise<void> {
    const { bucket, fromMs, throughMs } = this.#options;
    for (const [old, tenant] of await this.#tenants())
      for (const table of await tablesOf(bucket, old)) {
        const day = nameOf({ tenant, fromMs: Math.max(table.fromMs, fromMs) });
        const isWanted = table.objects > 0 && table.throughMs >= fromMs && table.fromMs <= throughMs;
        if (isWanted && !known.has(day))
          this.#counts.warnings.push(
            `${day}: no index names its ${table.objects} chunks; --without-index imports them`,
          );
      }
  }

  /** Old tenants, each with its name here. */
  async #tenants(): Promise<(readonly [old: string, tenant: string])[]> {
    const wanted = Object.entries(this.#options.tenants);
    return wanted.length > 0 ? wanted : (await this.#options.bucket.tenants()).map((tenant) => [tenant, tenant]);
  }

  async #units(): Promise<Unit[]> {
    const { bucket, fromMs, throughMs, withoutIndex } = this.#options;
    const pairs = await this.#tenants();
    const tables = withoutIndex ? [{ fromMs, throughMs }] : await bucket.tables();
    return pairs.flatMap(([old, tenant]) =>
      tables
        .filter((table) => table.throughMs >= fromMs && table.fromMs <= throughMs)
        .map((table) => ({
          old,
          tenant,
          fromMs: Math.max(table.fromMs, fromMs),
          throughMs: Math.min(table.throughMs, throughMs),
        })),
    );
  }

  async #unit(unit: Unit, signal: AbortSignal): Promise<void> {
    const { bucket, objects, withoutIndex, dryRun } = this.#options;
    const id = this.#idOf(unit);
    const receipt = `${unit.tenant}/imports/${id}.json`;
    if ((await objects.stat(receipt)) !== undefined) return this.#addDone(await objects.get(receipt));
    const streams = withoutIndex
      ? await bucket.unindexedStreams(unit.old)
      : await bucket.streams(unit.old, unit, (damage) => this.#counts.warnings.push(indexWarning(damage)), signal);
    if (dryRun) return this.#estimate(streams);
    const before = { ...this.#counts };
    const segments = new DaySegments(objects, unit.tenant, id);
    for (const stream of streams) await this.#stream(stream, unit, segments, signal);
    await segments.finish();
    this.#counts.storedBytes += segments.bytes;
    const done = { from: new Date(unit.fromMs), through: new Date(unit.throughMs), old_tenant: unit.old };
    await objects.put(receipt, Buffer.from(JSON.stringify({ ...done, ...since(before, this.#counts) })));
  }

  #addDone(receipt: Uint8Array): void {
    this.#counts.skipped++;
    const done = JSON.parse(Buffer.from(receipt).toString()) as Record<Counter, number>;
    for (const counter of counters) this.#counts[counter] += done[counter];
  }

  async #stream({ chunks }: OldStream, unit: Unit, segments: DaySegments, signal: AbortSignal): Promise<void> {
    const counts = this.#counts;
    counts.streams++;
    const merged = mergedBlocks(chunks, {
      read: (chunk) => this.#read(chunk, signal),
      start: BigInt(unit.fromMs) * nanosPerMs,
      end: BigInt(unit.throughMs + 1) * nanosPerMs,
    });
    for await (const part of merged) {
      await segments.add(part);
      counts.entries += part.block.count;
      counts.duplicates += part.read - part.block.count;
      counts.bytes += part.block.lines.length - part.block.count;
    }
  }

  async #read(chunk: IndexedChunk, signal: AbortSignal): Promise<OldChunk | undefined> {
    signal.throwIfAborted();
    this.#counts.chunks++;
    try {
      return await this.#options.bucket.read(chunk, signal);
    } catch (error) {
      const { code, message } = RatatoskError.from(error);
      if (code !== "corrupt" && code !== "not_found") throw error;
      if (this.#counts.warnings.length < mostWarnings) this.#counts.warnings.push(`${chunk.key}: ${message}`);
      return undefined;
    }
  }

  #estimate(streams: readonly OldStream[]): void {
    const counts = this.#counts;
    counts.streams += streams.length;
    for (const { chunks } of streams)
      for (const { entries = 0, bytes = 0 } of chunks) {
        counts.chunks++;
        counts.entries += entries;
        counts.bytes += bytes;
      }
  }

  /** The same for the same unit of the same bucket. */
  #idOf(unit: Unit): string {
    const { name, withoutIndex } = this.#options;
    const text = JSON.stringify([name, withoutIndex, unit.old, unit.fromMs, unit.throughMs]);
    return `import-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
  }
}

const nameOf = ({ tenant, fromMs }: Pick<Unit, "tenant" | "fromMs">): string =>
  `${tenant} ${new Date(Math.max(fromMs, 0)).toISOString().slice(0, 10)}`;

const counters = ["streams", "chunks", "entries", "duplicates", "bytes", "storedBytes"] as const;
type Counter = (typeof counters)[number];

function since(before: ImportCounts, now: ImportCounts): Record<Counter, number> {
  const differences = counters.map((counter) => [counter, now[counter] - before[counter]] as const);
  return Object.fromEntries(differences) as Record<Counter, number>;
}
