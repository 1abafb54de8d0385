import type { RatatoskError } from "@ratatosk/model";
import { Counter, Gauge, type Logger, type Registry } from "@ratatosk/observability";
import type { Rewritten } from "./merge/rewrite.ts";

export type Operation = "compaction" | "retention";
type Status = "success" | "failure";

/** What the compactor tells its operator. */
export class CompactorEvents {
  readonly #log: Logger;
  readonly #running: Gauge;
  readonly #operations: Record<Operation, OperationMetrics>;
  readonly #tables: Counter<"table" | "user_id" | "action">;
  readonly #merged: Counter;
  readonly #written: Counter;
  readonly #duplicates: Counter;
  readonly #freedBytes: Counter<"reason">;
  readonly #freedObjects: Counter<"reason">;
  readonly #damaged: Counter;

  constructor(log: Logger, registry: Registry) {
    this.#log = log;
    const registers = [registry];
    const counter = <Name extends string = never>(name: string, help: string, labelNames: Name[] = []): Counter<Name> =>
      new Counter({ name, help, labelNames, registers });
    this.#running = new Gauge({
      name: "loki_boltdb_shipper_compactor_running",
      help: "1 while this compactor is the one that works.",
      registers,
    });
    this.#operations = {
      compaction: new OperationMetrics("loki_boltdb_shipper_compact_tables_operation", registry),
      retention: new OperationMetrics("loki_compactor_apply_retention_operation", registry),
    };
    this.#tables = counter(
      "loki_boltdb_shipper_retention_marker_table_processed_total",
      "Days looked at for retention, by what became of them.",
      ["table", "user_id", "action"],
    );
    this.#merged = counter("ratatosk_compactor_merged_files_total", "Index files merged into others.");
    this.#written = counter("ratatosk_compactor_written_bytes_total", "Bytes of segments written.");
    this.#duplicates = counter("ratatosk_compactor_duplicates_total", "Entries that were there more than once.");
    this.#freedBytes = counter("ratatosk_compactor_freed_bytes_total", "Bytes deleted from the store.", ["reason"]);
    this.#freedObjects = counter("ratatosk_compactor_freed_objects_total", "Objects deleted from the store.", [
      "reason",
    ]);
    this.#damaged = counter("ratatosk_compactor_damaged_total", "Objects met that could not be read.");
  }

  working(isWorking: boolean): void {
    this.#running.set(isWorking ? 1 : 0);
  }

  done(operation: Operation, seconds: number): void {
    this.#operations[operation].done("success", seconds);
  }

  failed(operation: Operation, seconds: number, error: unknown): void {
    this.#operations[operation].done("failure", seconds);
    this.#log.error({ err: error, operation }, "the compactor failed, it tries again later");
  }

  merged(tenant: string, day: string, files: number, { key, segments, ...counts }: Rewritten): void {
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    this.#merged.inc(files);
    this.#written.inc(bytes);
    this.#duplicates.inc(counts.entriesBefore - counts.entriesAfter);
    this.#log.info({ tenant, day, files, segments: segments.length, bytes, key }, "merged");
  }

  retained(tenant: string, day: string, action: "modified" | "deleted" | "none"): void {
    this.#tables.inc({ table: day, user_id: tenant, action });
    if (action !== "none") this.#log.info({ tenant, day, action }, "retention applied");
  }

  freed(reason: "garbage" | "size", tenant: string, { objects, bytes }: { objects: number; bytes: number }): void {
    if (objects === 0) return;
    this.#freedBytes.inc({ reason }, bytes);
    this.#freedObjects.inc({ reason }, objects);
    this.#log.info({ tenant, reason, objects, bytes }, "objects deleted");
  }

  damaged(key: string, error: RatatoskError): void {
    this.#damaged.inc();
    this.#log.error({ key, error: error.message }, "an object cannot be read and stays as it is");
  }

  abandoned(tenant: string, day: string, why: string): void {
    this.#log.warn({ tenant, day, why }, "given up: what was to be replaced has changed");
  }
}

/** The three metrics of an operation. They are there from the start, so that alerts on them work. */
class OperationMetrics {
  readonly #total: Counter<"status">;
  readonly #seconds: Gauge;
  readonly #lastSuccess: Gauge;

  constructor(name: string, registry: Registry) {
    const registers = [registry];
    const last = name.replace(/_operation$/, "");
    const isTables = last.endsWith("compact_tables");
    this.#total = new Counter({ name: `${name}_total`, help: "Runs by outcome.", labelNames: ["status"], registers });
    this.#seconds = new Gauge({ name: `${name}_duration_seconds`, help: "How long the last run took.", registers });
    this.#lastSuccess = new Gauge({
      name: `${isTables ? name : last}_last_successful_run_timestamp_seconds`,
      help: "When the last run succeeded.",
      registers,
    });
    for (const status of ["success", "failure"] as const) this.#total.inc({ status }, 0);
  }

  done(status: Status, seconds: number): void {
    this.#total.inc({ status });
    this.#seconds.set(seconds);
    if (status === "success") this.#lastSuccess.setToCurrentTime();
  }
}
