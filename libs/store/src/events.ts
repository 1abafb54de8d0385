import type { RatatoskError } from "@ratatosk/model";
import { Counter, type Logger, type Registry } from "@ratatosk/observability";

/** What the store tells its operator. */
export class StoreEvents {
  readonly #log: Logger;
  readonly #reads: Counter;
  readonly #bytes: Counter;
  readonly #unreadable: Counter;

  constructor(log: Logger, registry: Registry) {
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
