import { Counter, Gauge, Histogram, type Registry, type Logger } from "@ratatosk/observability";

export type DropReason = "ingester_error" | "rate_limited" | "stream_limited" | "line_too_long" | "buffer_full";

/** What happens between a batch and its server, as metrics under Promtail's names and as log lines. */
export class PushEvents {
  readonly log: Logger;
  readonly #encoded: Counter<"host">;
  readonly #sentBytes: Counter<"host" | "tenant">;
  readonly #sentEntries: Counter<"host" | "tenant">;
  readonly #sentLabels: (host: string, tenant: string) => { host: string; tenant?: string };
  readonly #droppedBytes: Counter<"host" | "tenant" | "reason">;
  readonly #droppedEntries: Counter<"host" | "tenant" | "reason">;
  readonly #mutatedBytes: Counter<"host" | "tenant" | "reason">;
  readonly #mutatedEntries: Counter<"host" | "tenant" | "reason">;
  readonly #seconds: Histogram<"host" | "status_code">;
  readonly #retries: Counter<"host" | "tenant">;
  readonly #deadLetters: Counter<"host" | "tenant">;
  readonly #buffered: Gauge<"host" | "tenant">;
  readonly #bufferAge: Gauge<"host" | "tenant">;
  readonly #bufferFailures: Counter<"host" | "tenant">;

  /** Promtail counts what was sent for each host, Alloy (`byTenant`) for each tenant too. */
  constructor(log: Logger, registry: Registry, byTenant = false) {
    this.log = log;
    this.#sentLabels = (host, tenant) => (byTenant ? { host, tenant } : { host });
    const sent: readonly ("host" | "tenant")[] = byTenant ? ["host", "tenant"] : ["host"];
    const registers = [registry];
    const drop = ["host", "tenant", "reason"] as const;
    const counter = <T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> =>
      new Counter({ name, help, labelNames: [...labelNames], registers });
    const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[]): Gauge<T> =>
      new Gauge({ name, help, labelNames: [...labelNames], registers });
    this.#encoded = counter("promtail_encoded_bytes_total", "Number of bytes encoded and ready to send.", ["host"]);
    this.#sentBytes = counter("promtail_sent_bytes_total", "Number of bytes sent.", sent);
    this.#sentEntries = counter("promtail_sent_entries_total", "Number of log entries sent.", sent);
    this.#droppedBytes = counter("promtail_dropped_bytes_total", "Number of bytes dropped.", drop);
    this.#droppedEntries = counter("promtail_dropped_entries_total", "Number of log entries dropped.", drop);
    this.#mutatedBytes = counter("promtail_mutated_bytes_total", "Number of bytes cut off lines.", drop);
    this.#mutatedEntries = counter("promtail_mutated_entries_total", "Number of log entries changed.", drop);
    this.#retries = counter("promtail_batch_retries_total", "Number of times a batch was sent again.", [
      "host",
      "tenant",
    ]);
    this.#deadLetters = counter(
      "promtail_dead_letter_entries_total",
      "Entries refused for good and written to the dead-letter file.",
      ["host", "tenant"],
    );
    this.#buffered = gauge("promtail_buffer_bytes", "Bytes of the buffer on disk.", ["host", "tenant"]);
    this.#bufferAge = gauge("promtail_buffer_oldest_seconds", "Age of the oldest batch that waits.", [
      "host",
      "tenant",
    ]);
    this.#bufferFailures = counter("promtail_buffer_write_failures_total", "Attempts that the buffer's disk refused.", [
      "host",
      "tenant",
    ]);
    this.#seconds = new Histogram({
      name: "promtail_request_duration_seconds",
      help: "Duration of send requests.",
      labelNames: ["status_code", "host"],
      registers,
    });
  }

  /** Makes the counters visible at zero, as Promtail does. */
  opened(host: string, tenant: string): void {
    this.#encoded.inc({ host }, 0);
    this.#sentBytes.inc(this.#sentLabels(host, tenant), 0);
    this.#sentEntries.inc(this.#sentLabels(host, tenant), 0);
    for (const reason of ["ingester_error", "rate_limited", "stream_limited", "line_too_long"] as const) {
      this.#droppedBytes.inc({ host, tenant, reason }, 0);
      this.#droppedEntries.inc({ host, tenant, reason }, 0);
    }
    this.#mutatedEntries.inc({ host, tenant, reason: "line_too_long" }, 0);
    this.#mutatedBytes.inc({ host, tenant, reason: "line_too_long" }, 0);
    this.#retries.inc({ host, tenant }, 0);
    this.#bufferFailures.inc({ host, tenant }, 0);
  }

  encoded(host: string, bytes: number): void {
    this.#encoded.inc({ host }, bytes);
  }

  answered(host: string, status: number, seconds: number): void {
    this.#seconds.observe({ host, status_code: String(status) }, seconds);
  }

  delivered(host: string, tenant: string, bytes: number, entries: number): void {
    this.#sentBytes.inc(this.#sentLabels(host, tenant), bytes);
    this.#sentEntries.inc(this.#sentLabels(host, tenant), entries);
  }

  retried(host: string, tenant: string, waitMs: number, why: string): void {
    this.#retries.inc({ host, tenant });
    this.log.warn({ host, tenant, why, wait_ms: Math.round(waitMs) }, "error sending batch, will retry");
  }

  dropped(host: string, tenant: string, reason: DropReason, entries: number, bytes: number): void {
    this.#droppedEntries.inc({ host, tenant, reason }, entries);
    this.#droppedBytes.inc({ host, tenant, reason }, bytes);
  }

  truncated(host: string, tenant: string, bytes: number): void {
    this.#mutatedEntries.inc({ host, tenant, reason: "line_too_long" });
    this.#mutatedBytes.inc({ host, tenant, reason: "line_too_long" }, bytes);
  }

  deadLettered(host: string, tenant: string, entries: number, why: string): void {
    this.#deadLetters.inc({ host, tenant }, entries);
    this.log.error({ host, tenant, entries, why }, "entries refused, kept in the dead-letter file");
  }

  /** The disk did not take a batch. The error is given where it is to be told: at the first of several. */
  bufferFailed(host: string, tenant: string, error: unknown): void {
    this.#bufferFailures.inc({ host, tenant });
    if (error !== undefined)
      this.log.error({ err: error, host, tenant }, "cannot write the buffer, trying the server from memory");
  }

  buffer(host: string, tenant: string, bytes: number, oldestMs: number | undefined): void {
    this.#buffered.set({ host, tenant }, bytes);
    this.#bufferAge.set({ host, tenant }, oldestMs === undefined ? 0 : Math.max(0, Date.now() - oldestMs) / 1000);
  }
}
