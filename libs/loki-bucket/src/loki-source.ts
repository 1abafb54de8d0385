import { setImmediate } from "node:timers/promises";
import {
  type BlockRef,
  type Chunk,
  type ChunkSource,
  compareText,
  formatLabels,
  type Labels,
  RatatoskError,
  type Selection,
  type SourceResult,
} from "@ratatosk/model";
import { packedBlock } from "./block.ts";
import type { Bucket } from "./bucket.ts";
import { compileSelector } from "./selector.ts";
import type { IndexedChunk, IndexedSeries } from "./table.ts";

/** Old tenant → tenant here. */
export type TenantMap = Readonly<Record<string, string>>;

const msPerNs = 1_000_000n;
/** Series looked at before other work gets its turn. */
const seriesPerTurn = 500;

interface Found {
  readonly labels: Labels;
  /** By key: a chunk that two tables or two files name counts once. */
  readonly chunks: Map<string, IndexedChunk>;
}

/** An old Loki bucket, read in place: its history takes part in queries as our own store does. */
export class LokiSource implements ChunkSource {
  readonly #bucket: Bucket;
  readonly #tenants: TenantMap;

  /** Without entries in `tenants` every old tenant keeps its name. */
  constructor(bucket: Bucket, tenants: TenantMap) {
    this.#bucket = bucket;
    this.#tenants = tenants;
  }

  async select(selection: Selection, signal: AbortSignal): Promise<SourceResult> {
    const warnings: string[] = [];
    const found = await this.#find(selection, warnings, signal);
    const chunks = [...found.values()].flatMap(({ labels, chunks }) => {
      const stream = formatLabels(labels);
      return [...chunks.values()].map((chunk) => this.#chunk(labels, stream, chunk));
    });
    return { chunks, warnings };
  }

  async labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    const sets = await this.series(selection, signal);
    return [...new Set(sets.flatMap((labels) => labels.map(([name]) => name)))].sort(compareText);
  }

  async labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    const sets = await this.series(selection, signal);
    const values = sets.flatMap((labels) => labels.filter(([key]) => key === name).map(([, value]) => value));
    return [...new Set(values)].sort(compareText);
  }

  async series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    return [...(await this.#find(selection, [], signal)).values()].map(({ labels }) => labels);
  }

  async #find(selection: Selection, warnings: string[], signal: AbortSignal): Promise<Map<string, Found>> {
    const { start, end, matchers } = selection;
    const [fromMs, throughMs] = [Number(start / msPerNs), Number((end + msPerNs - 1n) / msPerNs)];
    const matches = compileSelector(matchers);
    const equals = matchers
      .filter(({ op, value }) => op === "=" && value !== "")
      .map(({ name, value }) => [name, value] as const);
    const found = new Map<string, Found>();
    const old = this.#oldTenants(selection.tenant);
    for (const object of await this.#bucket.indexObjects(fromMs, throughMs)) {
      for (const tenant of old) {
        if (object.tenant !== undefined && object.tenant !== tenant) continue;
        signal.throwIfAborted();
        const read = this.#bucket.withIndex(object, async (index) => {
          let turn = 0;
          for (const series of index.select({ tenant, fromMs, throughMs, matches, equals })) {
            add(found, series);
            if (++turn % seriesPerTurn === 0) await setImmediate();
          }
        });
        await read.catch((error: unknown) => warnings.push(damage(object.key, error)));
      }
    }
    return found;
  }

  #oldTenants(tenant: string): string[] {
    const renamed = Object.entries(this.#tenants);
    return renamed.length === 0 ? [tenant] : renamed.filter(([, name]) => name === tenant).map(([old]) => old);
  }

  #chunk(labels: Labels, stream: string, indexed: IndexedChunk): Chunk {
    return {
      labels,
      stream,
      minTime: BigInt(indexed.fromMs) * msPerNs,
      maxTime: BigInt(indexed.throughMs) * msPerNs,
      entries: indexed.entries ?? 0,
      bytes: indexed.bytes ?? 0,
      estimated: true,
      blocks: async (signal) => this.#blocks(indexed, signal),
    };
  }

  async #blocks(indexed: IndexedChunk, signal: AbortSignal): Promise<BlockRef[]> {
    const chunk = await this.#bucket.chunk(indexed, signal);
    return chunk.blocks.map((meta) => ({
      minTime: meta.minTime,
      maxTime: meta.maxTime,
      entries: meta.entries,
      bytes: meta.rawBytes,
      storedBytes: meta.length,
      mayContain: () => true,
      fetch: async () => packedBlock(chunk, meta),
    }));
  }
}

function add(found: Map<string, Found>, { labels, chunks }: IndexedSeries): void {
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
