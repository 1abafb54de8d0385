import { Counter, Discarded, Gauge, Histogram, type Logger, type Registry } from "@ratatosk/observability";
import type { Refusal } from "@ratatosk/proto";

/** Why what is in memory was shipped; `reason` of loki_ingester_chunks_flushed_total. */
export type FlushReason = "full" | "max_age" | "forced";

/** A chunk that was shipped. */
export interface ShippedChunk {
  readonly entries: number;
  /** As stored. */
  readonly bytes: number;
  readonly ageSeconds: number;
}

/** What the gauges read when they are scraped. */
export interface IngesterGauges {
  streams(): Iterable<[tenant: string, streams: number]>;
  chunks(): number;
  chunksBegun(): number;
  bytes(): number;
  leaving(): number;
}

/** What the ingester tells its operator. */
export class IngesterEvents {
  readonly #log: Logger;
  readonly #flushed: Counter<"reason">;
  readonly #stored: Counter<"tenant">;
  readonly #storedBytes: Counter<"tenant">;
  readonly #created: Counter<"tenant">;
  readonly #removed: Counter<"tenant">;
  readonly #requests: Counter;
  readonly #failures: Counter;
  readonly #entries: Histogram;
  readonly #chunkBytes: Histogram;
  readonly #age: Histogram;
  readonly #repeated: Counter;
  readonly #discarded: Discarded;
  readonly #replaySeconds: Gauge;
  readonly #replayActive: Gauge;

  constructor(log: Logger, registry: Registry, gauges: IngesterGauges) {
    this.#log = log;
    const registers = [registry];
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
    const byTenant = (name: string, help: string): Counter<"tenant"> =>
      new Counter({ name, help, labelNames: ["tenant"], registers });
    this.#flushed = new Counter({
      name: "loki_ingester_chunks_flushed_total",
      help: "Chunks shipped to the store, by reason.",
      labelNames: ["reason"],
      registers,
    });
    this.#stored = byTenant("loki_ingester_chunks_stored_total", "Chunks stored.");
    this.#storedBytes = byTenant("loki_ingester_chunk_stored_bytes_total", "Bytes of the segments stored.");
    this.#created = byTenant("loki_ingester_streams_created_total", "Streams that became active.");
    this.#removed = byTenant("loki_ingester_streams_removed_total", "Streams that are no longer active.");
    this.#requests = counter("loki_ingester_chunks_flush_requests_total", "Attempts to ship what is in memory.");
    this.#failures = counter("loki_ingester_chunks_flush_failures_total", "Attempts to ship that failed.");
    this.#repeated = counter(
      "ratatosk_ingester_repeated_batches_total",
      "Batches that came again and were not stored again.",
    );
    this.#discarded = new Discarded(registry);
    this.#entries = new Histogram({
      name: "loki_ingester_chunk_entries",
      help: "Entries of the chunks shipped.",
      buckets: [200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200],
      registers,
    });
    this.#chunkBytes = new Histogram({
      name: "loki_ingester_chunk_size_bytes",
      help: "Stored bytes of the chunks shipped.",
      buckets: Array.from({ length: 10 }, (_, doublings) => 20_000 * 2 ** doublings),
      registers,
    });
    this.#age = new Histogram({
      name: "loki_ingester_chunk_age_seconds",
      help: "Age of the chunks shipped, from their oldest line.",
      buckets: [60, 300, 600, 1800, 3600, 7200, 14_400, 36_000, 43_200, 57_600],
      registers,
    });
    this.#replayActive = new Gauge({
      name: "loki_ingester_wal_replay_active",
      help: "1 while the write-ahead log is read.",
      registers,
    });
    this.#replaySeconds = new Gauge({
      name: "loki_ingester_wal_replay_duration_seconds",
      help: "How long reading the write-ahead log took at the last start.",
      registers,
    });
    registerGauges(registry, gauges);
  }

  replaying(): void {
    this.#replayActive.set(1);
  }

  replayed(records: number, seconds: number): void {
    this.#replayActive.set(0);
    this.#replaySeconds.set(seconds);
    if (records > 0) this.#log.info({ records, seconds }, "the write-ahead log has been read");
  }

  recordUnreadable(error: unknown): void {
    this.#log.error(
      { error: (error as Error).message },
      "a record of the write-ahead log cannot be read; it is skipped",
    );
  }

  streamCreated(tenant: string): void {
    this.#created.inc({ tenant });
  }

  streamsRemoved(tenant: string, streams: number): void {
    this.#removed.inc({ tenant }, streams);
  }

  batchRepeated(): void {
    this.#repeated.inc();
  }

  refused(tenant: string, refusals: readonly Refusal[]): void {
    for (const { reason, entries, bytes } of refusals)
      this.#discarded.add({ reason, tenant, retention_hours: "", policy: "", format: "" }, { entries, bytes });
  }

  flushing(): void {
    this.#requests.inc();
  }

  shipped(tenant: string, day: string, reason: FlushReason, chunks: readonly ShippedChunk[], bytes: number): void {
    this.#flushed.inc({ reason }, chunks.length);
    this.#stored.inc({ tenant }, chunks.length);
    this.#storedBytes.inc({ tenant }, bytes);
    for (const chunk of chunks) {
      this.#entries.observe(chunk.entries);
      this.#chunkBytes.observe(chunk.bytes);
      this.#age.observe(chunk.ageSeconds);
    }
    this.#log.info({ tenant, day, reason, chunks: chunks.length, bytes }, "a segment has been shipped");
  }

  flushFailed(error: unknown): void {
    this.#failures.inc();
    this.#log.error({ error: (error as Error).message }, "shipping to the store failed; it will be tried again");
  }

  logNotDropped(generation: number, error: unknown): void {
    this.#log.error(
      { generation, error: (error as Error).message },
      "an old part of the write-ahead log cannot be deleted",
    );
  }
}

function registerGauges(registry: Registry, gauges: IngesterGauges): void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void =>
    void new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  void new Gauge({
    name: "loki_ingester_memory_streams",
    help: "Active streams.",
    labelNames: ["tenant"],
    registers,
    collect() {
      this.reset();
      for (const [tenant, streams] of gauges.streams()) this.set({ tenant }, streams);
    },
  });
  void new Counter({
    name: "loki_ingester_chunks_created_total",
    help: "Chunks begun in memory.",
    registers,
    collect() {
      this.reset();
      this.inc(gauges.chunksBegun());
    },
  });
  gauge("loki_ingester_memory_chunks", "Chunks in memory.", () => gauges.chunks());
  gauge("ratatosk_ingester_memory_bytes", "Bytes that chunks take in memory.", () => gauges.bytes());
  gauge("loki_ingester_flush_queue_length", "Generations waiting to be shipped.", () => gauges.leaving());
}
