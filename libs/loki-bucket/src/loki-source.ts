import {
  type BlockRef,
  type Chunk,
  type ChunkSource,
  compareText,
  formatLabels,
  type Labels,
  labelValue,
  RatatoskError,
  type Selection,
  type SourceResult,
} from "@ratatosk/model";
import type { Bucket } from "./bucket.ts";
import {
  addSeries,
  findSeries,
  type FoundSeries,
  type IndexDamage,
  indexWarning,
  type SeriesFinder,
} from "./find-series.ts";
import type { ChunkName } from "./chunk-reader.ts";
import type { GapWatch } from "./gap-watch.ts";
import { gapWarning } from "./find-gaps.ts";
import type { IndexedChunk, IndexedSeries } from "./table.ts";

/** Old tenant → tenant here. */
export type TenantMap = Readonly<Record<string, string>>;

const msPerNs = 1_000_000n;

/** The warning that there is no such bucket; one that does not answer is an error that says which of all stores it is. */
function absence(error: unknown): string {
  const { code, message } = RatatoskError.from(error);
  const what = `an old bucket cannot be read: ${message}`;
  if (code === "not_found") return what;
  if (code === "unavailable" || code === "internal") throw new RatatoskError(code, what, { cause: error });
  throw error;
}

/** Milliseconds, both inclusive. */
const rangeOf = ({ start, end }: Selection): { fromMs: number; throughMs: number } => ({
  fromMs: Number(start / msPerNs),
  throughMs: Number((end + msPerNs - 1n) / msPerNs),
});

/** An old Loki bucket, read in place: its history takes part in queries as our own store does. */
export class LokiSource implements ChunkSource {
  readonly #bucket: Bucket;
  readonly #tenants: TenantMap;
  readonly #watch: GapWatch;

  /** Without entries in `tenants` every old tenant keeps its name. */
  constructor(bucket: Bucket, tenants: TenantMap, watch: GapWatch) {
    this.#bucket = bucket;
    this.#tenants = tenants;
    this.#watch = watch;
  }

  async select(selection: Selection, signal: AbortSignal): Promise<SourceResult> {
    const warnings: string[] = [];
    const found = new Map<string, FoundSeries>();
    const damaged = (damage: IndexDamage): void => void warnings.push(indexWarning(damage));
    await this.#find(selection, { found: (series) => addSeries(found, series), damaged, signal }).catch(
      (error: unknown) => void warnings.push(absence(error)),
    );
    const chunks: Chunk[] = [];
    for (const [stream, series] of found) {
      for (const indexed of series.chunks.values()) chunks.push(this.#chunk(series.labels, stream, indexed));
      // There may be a million chunks: what is known of them twice goes at once.
      found.delete(stream);
    }
    return { chunks, warnings: [...warnings, ...this.#gaps(selection)] };
  }

  async labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    const names = new Set<string>();
    await this.#eachLabels(selection, signal, (labels) => {
      for (const [name] of labels) names.add(name);
    });
    return [...names].sort(compareText);
  }

  async labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    const values = new Set<string>();
    await this.#eachLabels(selection, signal, (labels) => {
      const value = labelValue(labels, name);
      if (value !== undefined) values.add(value);
    });
    return [...values].sort(compareText);
  }

  async series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    const streams = new Map<string, Labels>();
    await this.#eachLabels(selection, signal, (labels) => streams.set(formatLabels(labels), labels));
    return [...streams.values()];
  }

  /** Labels of the streams selected, some of them several times. */
  async #eachLabels(selection: Selection, signal: AbortSignal, found: (labels: Labels) => void): Promise<void> {
    const finder = { found: ({ labels }: IndexedSeries) => found(labels), damaged: () => undefined, signal };
    await this.#find(selection, finder, true).catch(absence);
  }

  async #find(selection: Selection, finder: SeriesFinder, oneChunk = false): Promise<void> {
    const { matchers } = selection;
    const range = rangeOf(selection);
    for (const tenant of this.#oldTenants(selection.tenant))
      await findSeries(this.#bucket, { tenant, matchers, ...range, oneChunk }, finder);
  }

  #gaps(selection: Selection): string[] {
    const { fromMs, throughMs } = rangeOf(selection);
    const gaps = this.#oldTenants(selection.tenant).flatMap((old) => this.#watch.gaps(old, fromMs, throughMs));
    return gaps.length === 0 ? [] : [gapWarning(gaps)];
  }

  #oldTenants(tenant: string): string[] {
    const renamed = Object.entries(this.#tenants);
    return renamed.length === 0 ? [tenant] : renamed.filter(([, name]) => name === tenant).map(([old]) => old);
  }

  #chunk(labels: Labels, stream: string, { key, crc, fromMs, throughMs, entries = 0, bytes = 0 }: IndexedChunk): Chunk {
    return {
      labels,
      stream,
      minTime: BigInt(fromMs) * msPerNs,
      maxTime: BigInt(throughMs) * msPerNs,
      entries,
      bytes,
      estimated: true,
      identity: this.#bucket.identityOf(key),
      blocks: async (signal) => this.#blocks({ key, crc }, signal),
    };
  }

  async #blocks(named: ChunkName, signal: AbortSignal): Promise<BlockRef[]> {
    const { key } = named;
    const chunk = await this.#bucket.chunks.open(named, signal).catch((error: unknown) => {
      const { code, message } = RatatoskError.from(error);
      throw code === "corrupt" ? new RatatoskError(code, `${key}: ${message}`, { cause: error }) : error;
    });
    return chunk.blocks.map((meta) => ({
      minTime: meta.minTime,
      maxTime: meta.maxTime,
      entries: meta.entries,
      bytes: meta.rawBytes,
      storedBytes: meta.length,
      isPacked: true,
      mayContain: () => true,
      fetch: (want, signal) => this.#bucket.chunks.block({ key, chunk, meta }, want, signal),
    }));
  }
}
