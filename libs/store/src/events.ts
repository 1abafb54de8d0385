import type { RatatoskError } from "@ratatosk/model";
import { Counter, Gauge, Histogram, type Logger, type Registry } from "@ratatosk/observability";

/** What is kept in memory. */
export interface Held {
  readonly size: number;
  readonly bytes: number;
}

/** A question to the index. */
export type IndexOperation = "select" | "label_names" | "label_values" | "series";

/** What the store tells its operator. */
export class StoreEvents {
  readonly #log: Logger;
  readonly #reads: Counter;
  readonly #bytes: Counter;
  readonly #unreadable: Counter;
  readonly #indexSeconds: Histogram<"operation" | "status_code">;

  constructor(log: Logger, registry: Registry, caches: () => Readonly<Record<string, Held>>) {
    this.#log = log;
    const registers = [registry];
    this.#reads = new Counter({ name: "ratatosk_store_reads_total", help: "Ranged reads of segments.", registers });
    this.#bytes = new Counter({
      name: "ratatosk_store_read_bytes_total",
      help: "Bytes read from segments.",
      registers,
    });
    this.#unreadable = new Counter({
      name: "ratatosk_store_unreadable_total",
      help: "Index files that could not be read.",
      registers,
    });
    this.#indexSeconds = new Histogram({
      name: "loki_index_request_duration_seconds",
      help: "Time that questions to the index took, files that were fetched for them included.",
      labelNames: ["operation", "status_code"],
      buckets: [0.001, 0.004, 0.016, 0.064, 0.25, 1, 4, 16],
      registers,
    });
    cacheGauge("loki_embeddedcache_entries", "What a cache in memory holds.", ({ size }) => size);
    cacheGauge("loki_embeddedcache_memory_bytes", "Bytes that a cache in memory holds.", ({ bytes }) => bytes);

    function cacheGauge(name: string, help: string, read: (held: Held) => number): void {
      void new Gauge({
        name,
        help,
        labelNames: ["cache"],
        registers,
        collect() {
          for (const [cache, held] of Object.entries(caches())) this.set({ cache }, read(held));
        },
      });
    }
  }

  /** Times a question to the index. */
  async asked<T>(operation: IndexOperation, question: () => Promise<T>): Promise<T> {
    const began = performance.now();
    let status = "500";
    try {
      const answer = await question();
      status = "200";
      return answer;
    } finally {
      this.#indexSeconds.observe({ operation, status_code: status }, (performance.now() - began) / 1000);
    }
  }

  read(reads: number, bytes: number): void {
    this.#reads.inc(reads);
    this.#bytes.inc(bytes);
  }

  unreadable(key: string, error: RatatoskError): void {
    this.#unreadable.inc();
    this.#log.error({ key, error: error.message }, "an index file cannot be read; its lines are missing from answers");
  }
}
