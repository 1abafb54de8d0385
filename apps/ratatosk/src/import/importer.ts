import { createHash } from "node:crypto";
import { type IndexedChunk, indexWarning, type OldBucket, type OldChunk, type OldStream } from "@ratatosk/loki-bucket";
import { RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { dayOf, type OldTable, tablesOf } from "../storage/old-tables.ts";
import { addCounts, type Counts, countsSince, noCounts } from "./counts.ts";
import { DaySegments } from "./day-segments.ts";
import { mergedBlocks } from "./merged-blocks.ts";
import { readReceipt, writeReceipt } from "./receipt.ts";
import { type Span, spansOf, tablesTouched, touches } from "./spans.ts";

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
  /** Told of each chunk and each unit. */
  readonly progress: (done: ImportCounts, place: Place) => void;
}

/** Where an import is. */
export interface Place {
  readonly unit: string;
  /** How much of all units is done, from 0 to 1. */
  readonly share: number;
}

/** What was imported, or would be. */
export interface ImportCounts extends Counts {
  units: number;
  /** Units that an earlier import had finished. */
  skipped: number;
  /** Bytes of the chunks that would be read, and of those that an index tells no lines and bytes of; for a dry run. */
  oldBytes: number;
  untoldBytes: number;
  /** What could not be read. */
  warnings: string[];
}

/** A part of the work that is done whole or not at all: a tenant's day. */
interface Unit extends Span {
  readonly old: string;
  readonly tenant: string;
  /** The share of all units that comes before. */
  readonly before: number;
}

const nanosPerMs = 1_000_000n;
const mostWarnings = 1000;

/** Copies the entries of an old bucket into our own storage. Can be interrupted: finished units are not done again. */
export class Importer {
  readonly #options: ImporterOptions;
  readonly #counts: ImportCounts = { ...noCounts(), units: 0, skipped: 0, oldBytes: 0, untoldBytes: 0, warnings: [] };
  #unindexed: { readonly old: string; readonly streams: readonly OldStream[] } | undefined;
  #sizes: { readonly old: string; readonly tables: readonly OldTable[] } | undefined;

  constructor(options: ImporterOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<ImportCounts> {
    const units = await this.#units();
    for (const [at, unit] of units.entries()) {
      signal.throwIfAborted();
      const holdsAny = await this.#unit({ ...unit, before: at / units.length }, 1 / units.length, signal);
      if (holdsAny) this.#counts.units++;
      this.#options.progress(this.#counts, { unit: nameOf(unit), share: (at + 1) / units.length });
    }
    if (!this.#options.withoutIndex) await this.#warnOfUnindexed(signal);
    return this.#counts;
  }

  /** Chunks that no index names are no part of what was imported. */
  async #warnOfUnindexed(signal: AbortSignal): Promise<void> {
    for (const [old, tenant] of await this.#tenants())
      for (const gap of await this.#options.bucket.gaps(old, signal))
        if (gap.throughMs >= this.#options.fromMs && gap.fromMs <= this.#options.throughMs)
          this.#warn(
            `${nameOf({ ...gap, tenant })}: no index names ${gap.chunks} chunks; --without-index imports them`,
          );
  }

  #warn(...warnings: readonly string[]): void {
    this.#counts.warnings.push(...warnings.slice(0, mostWarnings - this.#counts.warnings.length));
  }

  /** Old tenants, each with its name here. */
  async #tenants(): Promise<(readonly [old: string, tenant: string])[]> {
    const wanted = Object.entries(this.#options.tenants);
    return wanted.length > 0 ? wanted : (await this.#options.bucket.tenants()).map((tenant) => [tenant, tenant]);
  }

  async #units(): Promise<Omit<Unit, "before">[]> {
    const { bucket, withoutIndex } = this.#options;
    const units: Omit<Unit, "before">[] = [];
    for (const [old, tenant] of await this.#tenants()) {
      const tables = withoutIndex ? await tablesTouched(bucket, old) : await bucket.tables();
      for (const span of spansOf(tables, this.#options)) units.push({ ...span, old, tenant });
    }
    return units;
  }

  /** False where the tenant has nothing that day. */
  async #unit(unit: Unit, share: number, signal: AbortSignal): Promise<boolean> {
    const { objects, dryRun } = this.#options;
    const warnings: string[] = [];
    const streams = await this.#streams(unit, warnings, signal);
    const name = { tenant: unit.tenant, id: this.#idOf(unit, streams) };
    const receipt = await readReceipt(objects, name);
    if (receipt !== undefined) {
      addCounts(this.#counts, receipt);
      this.#counts.skipped++;
      this.#warn(...receipt.warnings);
      return true;
    }
    if (streams.length === 0 && warnings.length === 0) return false;
    if (dryRun) await this.#estimate(unit, streams);
    else {
      const before = { ...this.#counts };
      await this.#copy(streams, unit, { id: name.id, share, warnings, signal });
      const about = { from: dayOf(unit.fromMs), through: dayOf(unit.throughMs), old_tenant: unit.old };
      await writeReceipt(objects, name, { ...countsSince(before, this.#counts), warnings }, about);
    }
    this.#warn(...warnings);
    return true;
  }

  async #streams(unit: Unit, warnings: string[], signal: AbortSignal): Promise<readonly OldStream[]> {
    const { bucket, withoutIndex } = this.#options;
    if (!withoutIndex)
      return bucket.streams(unit.old, unit, (damage) => void warnings.push(indexWarning(damage)), signal);
    if (this.#unindexed?.old !== unit.old)
      this.#unindexed = { old: unit.old, streams: await bucket.unindexedStreams(unit.old) };
    return this.#unindexed.streams
      .map(({ labels, chunks }) => ({ labels, chunks: chunks.filter((chunk) => touches(chunk, unit)) }))
      .filter(({ chunks }) => chunks.length > 0);
  }

  async #copy(
    streams: readonly OldStream[],
    unit: Unit,
    { id, share, warnings, signal }: { id: string; share: number; warnings: string[]; signal: AbortSignal },
  ): Promise<void> {
    const counts = this.#counts;
    const segments = new DaySegments(this.#options.objects, unit.tenant, id);
    const all = streams.reduce((sum, { chunks }) => sum + chunks.length, 0);
    let done = 0;
    for (const { chunks } of streams) {
      counts.streams++;
      const merged = mergedBlocks(chunks, {
        read: async (chunk) => {
          if (chunk.fromMs >= unit.countsFromMs) counts.chunks++;
          this.#options.progress(counts, { unit: nameOf(unit), share: unit.before + (share * done++) / all });
          return this.#read(chunk, warnings, signal);
        },
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
    await segments.finish();
    counts.storedBytes += segments.bytes;
  }

  async #read(chunk: IndexedChunk, warnings: string[], signal: AbortSignal): Promise<OldChunk | undefined> {
    signal.throwIfAborted();
    try {
      return await this.#options.bucket.read(chunk, signal);
    } catch (error) {
      const { code, message } = RatatoskError.from(error);
      if (code !== "corrupt" && code !== "not_found") throw error;
      if (warnings.length < mostWarnings) warnings.push(`${chunk.key}: ${message}`);
      return undefined;
    }
  }

  async #estimate(unit: Unit, streams: readonly OldStream[]): Promise<void> {
    const counts = this.#counts;
    const own = streams.flatMap(({ chunks }) => chunks).filter(({ fromMs }) => fromMs >= unit.countsFromMs);
    const oldBytes = await this.#oldBytes(unit);
    counts.streams += streams.length;
    counts.chunks += own.length;
    counts.oldBytes += oldBytes;
    for (const { entries = 0, bytes = 0 } of own) {
      counts.entries += entries;
      counts.bytes += bytes;
    }
    if (own.some(({ entries }) => entries === undefined)) counts.untoldBytes += oldBytes;
  }

  /** Stored bytes of the chunks that begin in the tables that a unit touches. */
  async #oldBytes(unit: Unit): Promise<number> {
    if (this.#sizes?.old !== unit.old)
      this.#sizes = { old: unit.old, tables: await tablesOf(this.#options.bucket, unit.old) };
    const touched = this.#sizes.tables.filter((table) => touches(table, unit));
    return touched.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The same as long as the same chunks are to be read: a day that has grown is imported anew. */
  #idOf({ old, fromMs, throughMs }: Unit, streams: readonly OldStream[]): string {
    const hash = createHash("sha256").update(JSON.stringify([this.#options.name, old, fromMs, throughMs]));
    const keys = streams.flatMap(({ chunks }) => chunks.map(({ key }) => key)).sort();
    for (const key of keys) hash.update(key);
    return `import-${hash.digest("hex").slice(0, 16)}`;
  }
}

const nameOf = ({ tenant, fromMs }: Pick<Unit, "tenant" | "fromMs">): string => `${tenant} ${dayOf(fromMs)}`;
