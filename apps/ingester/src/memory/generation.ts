import type { Batch } from "@ratatosk/chunk";
import { parseLabels } from "@ratatosk/model";
import { type ChunkSettings, DayChunk } from "./day-chunk.ts";
import { dayRuns } from "./day.ts";

/** The chunks of a tenant by day (days since 1970) and stream. */
export type TenantDays = Map<number, Map<string, DayChunk>>;

/** Everything that came since the last rotation of the log: what one generation of the log holds. */
export class Generation {
  readonly number: number;
  /** True if it was read from the log: part of it may have been shipped before the crash. */
  readonly replayed: boolean;
  readonly startedMs: number;
  /** Keys of the index files that were written of it. */
  readonly shipped = new Set<string>();
  readonly tenants = new Map<string, TenantDays>();
  readonly #settings: ChunkSettings;
  #bytes = 0;

  constructor(number: number, options: Omit<ChunkSettings, "grew"> & { replayed?: boolean; nowMs: number }) {
    this.number = number;
    this.replayed = options.replayed ?? false;
    this.startedMs = options.nowMs;
    this.#settings = { ...options, grew: (bytes) => void (this.#bytes += bytes) };
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.#bytes;
  }

  get empty(): boolean {
    return this.tenants.size === 0;
  }

  get chunks(): number {
    let count = 0;
    for (const days of this.tenants.values()) for (const streams of days.values()) count += streams.size;
    return count;
  }

  append({ tenant, streams }: Batch): void {
    const days = entry(this.tenants, tenant, (): TenantDays => new Map());
    for (const { labels: stream, block } of streams)
      for (const { day, from, to } of dayRuns(block)) {
        const chunks = entry(days, day, () => new Map<string, DayChunk>());
        const chunk = entry(chunks, stream, () => new DayChunk(stream, parseLabels(stream), day, this.#settings));
        chunk.append(block, from, to);
      }
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
