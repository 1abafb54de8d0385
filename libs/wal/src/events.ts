import { Counter, Gauge, type Logger, type Registry } from "@ratatosk/observability";

/** What the log tells its operator. */
export class WalEvents {
  readonly #log: Logger;
  readonly #records: Counter;
  readonly #bytes: Counter;
  readonly #diskFull: Counter;
  readonly #corruptions: Counter<"type">;

  constructor(log: Logger, registry: Registry, bytesInUse: () => number) {
    this.#log = log;
    const registers = [registry];
    this.#records = new Counter({
      name: "loki_ingester_wal_records_logged_total",
      help: "Records written to the write-ahead log.",
      registers,
    });
    this.#bytes = new Counter({
      name: "loki_ingester_wal_logged_bytes_total",
      help: "Bytes written to the write-ahead log.",
      registers,
    });
    this.#diskFull = new Counter({
      name: "loki_ingester_wal_disk_full_failures_total",
      help: "Writes to the write-ahead log that failed because the disk is full.",
      registers,
    });
    this.#corruptions = new Counter({
      name: "loki_ingester_wal_corruptions_total",
      help: "Damaged places found in the write-ahead log.",
      labelNames: ["type"],
      registers,
    });
    void new Gauge({
      name: "loki_ingester_wal_bytes_in_use",
      help: "Bytes that the write-ahead log occupies.",
      registers,
      collect() {
        this.set(bytesInUse());
      },
    });
  }

  committed(records: number, bytes: number): void {
    this.#records.inc(records);
    this.#bytes.inc(bytes);
  }

  writeFailed(error: NodeJS.ErrnoException): void {
    if (error.code === "ENOSPC") this.#diskFull.inc();
    this.#log.error({ error: error.message }, "writing to the write-ahead log failed");
  }

  tornTail(file: string, at: number, lost: number): void {
    this.#log.warn(
      { file, at, bytes: lost },
      "the write-ahead log ends in a record cut off by a crash; it is left out",
    );
  }

  damaged(file: string, start: number, end: number): void {
    this.#corruptions.inc({ type: "segment" });
    this.#log.error(
      { file, start, bytes: end - start },
      "the write-ahead log is damaged; the damaged records are skipped",
    );
  }

  unreadable(file: string, fault: string): void {
    this.#corruptions.inc({ type: "segment" });
    this.#log.error({ file, fault }, "a file of the write-ahead log cannot be read; it is skipped");
  }
}
