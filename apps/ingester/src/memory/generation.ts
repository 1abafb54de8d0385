import type { Batch } from "@ratatosk/chunk";
import { parseLabels } from "@ratatosk/model";
import { type ChunkSettings, DayChunk } from "./day-chunk.ts";
import { dayRuns } from "./day.ts";

/** The chunks of a tenant by day (days since 1970) and stream. */
export type TenantDays = Map<number, Map<string, DayChunk>>;

export interface GenerationOptions extends Omit<ChunkSettings, "grew"> {
  readonly replayed: boolean;
  readonly nowMs: number;
  /** The generation before it, as long as that is held: its blocks tell how large these will be. */
  readonly before: () => Generation | undefined;
  /** Told of each chunk that is begun. */
  readonly began: () => void;
}

/** Everything that came since the last rotation of the log: what one generation of the log holds. */
export class Generation {
  readonly number: number;
  /** How often it was tried to ship it. One that was read from the log may have been tried before the crash. */
  attempts: number;
  readonly startedMs: number;
  readonly tenants = new Map<string, TenantDays>();
  readonly #settings: ChunkSettings;
  readonly #began: () => void;
  readonly #before: () => Generation | undefined;
  #bytes = 0;

  constructor(number: number, options: GenerationOptions) {
    this.number = number;
    this.#before = options.before;
    this.#began = options.began;
    this.attempts = options.replayed ? 1 : 0;
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
        const chunk = entry(chunks, stream, () => {
          this.#began();
          const expected = this.#before()?.tenants.get(tenant)?.get(day)?.get(stream)?.expected;
          return new DayChunk(stream, parseLabels(stream), day, this.#settings, expected);
        });
        chunk.append(block, from, to);
      }
  }
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
