import { Counter, Gauge, type Registry } from "@ratatosk/observability";

/** Counts tails, for limits and metrics. */
export class TailEvents {
  readonly #active = new Map<string, number>();
  readonly #streams = new Set<ReadonlySet<string>>();
  readonly #bytes: Counter;

  constructor(registry: Registry) {
    const active = this.#active;
    new Gauge({
      name: "loki_querier_tail_active",
      help: "Tails at present.",
      registers: [registry],
      collect() {
        this.set(active.values().reduce((sum, count) => sum + count, 0));
      },
    });
    const streams = this.#streams;
    new Gauge({
      name: "loki_querier_tail_active_streams",
      help: "Streams of which the tails at present have had lines.",
      registers: [registry],
      collect() {
        this.set(streams.values().reduce((sum, { size }) => sum + size, 0));
      },
    });
    this.#bytes = new Counter({
      name: "loki_querier_tail_bytes_total",
      help: "Bytes of lines sent to those who tail.",
      registers: [registry],
    });
  }

  /** How many tails the tenant has now, this one among them. `streams` are those that it has had lines of. */
  began(tenant: string, streams: ReadonlySet<string>): number {
    this.#streams.add(streams);
    const count = (this.#active.get(tenant) ?? 0) + 1;
    this.#active.set(tenant, count);
    return count;
  }

  ended(tenant: string, streams: ReadonlySet<string>): void {
    this.#streams.delete(streams);
    const count = this.#active.get(tenant)! - 1;
    if (count === 0) this.#active.delete(tenant);
    else this.#active.set(tenant, count);
  }

  sent(bytes: number): void {
    this.#bytes.inc(bytes);
  }
}
