import { Counter, Gauge, type Logger, type Registry } from "@ratatosk/observability";
import type { DeleteRequest } from "@ratatosk/deletes";

/** What becomes of delete requests, told to the operator. */
export class DeleteEvents {
  readonly #log: Logger;
  readonly #received: Counter<"user">;
  readonly #processed: Counter<"user">;
  readonly #chunks: Counter<"user">;
  readonly #lines: Counter<"user">;
  readonly #loads: Counter<"status">;
  readonly #failures: Counter<"cause">;
  readonly #pending: Gauge;
  readonly #oldest: Gauge;

  constructor(log: Logger, registry: Registry) {
    this.#log = log;
    const registers = [registry];
    const counter = <Name extends string>(name: string, help: string, labelNames: Name[]): Counter<Name> =>
      new Counter({ name: `loki_compactor_${name}`, help, labelNames, registers });
    this.#received = counter("delete_requests_received_total", "Delete requests taken.", ["user"]);
    this.#processed = counter("delete_requests_processed_total", "Delete requests carried out.", ["user"]);
    this.#chunks = counter("delete_requests_chunks_selected_total", "Chunks that held lines to delete.", ["user"]);
    this.#lines = counter("deleted_lines", "Lines deleted from the store.", ["user"]);
    this.#loads = counter("load_pending_requests_attempts_total", "Readings of the requests, by outcome.", ["status"]);
    this.#failures = counter("delete_processing_fails_total", "Requests that failed, by cause.", ["cause"]);
    const gauge = (name: string, help: string): Gauge => new Gauge({ name: `loki_compactor_${name}`, help, registers });
    this.#pending = gauge("pending_delete_requests_count", "Requests not carried out yet.");
    this.#oldest = gauge("oldest_pending_delete_request_age_seconds", "Age of the oldest of them.");
  }

  received(tenant: string, id: string, query: string): void {
    this.#received.inc({ user: tenant });
    this.#log.info({ tenant, id, query }, "delete request received");
  }

  cancelled(tenant: string, id: string): void {
    this.#log.info({ tenant, id }, "delete request cancelled");
  }

  loaded(pending: readonly DeleteRequest[], nowMs: number): void {
    this.#loads.inc({ status: "success" });
    this.#pending.set(pending.length);
    const oldestMs = pending.reduce((oldest, { createdMs }) => Math.min(oldest, createdMs), nowMs);
    this.#oldest.set((nowMs - oldestMs) / 1000);
  }

  loadFailed(): void {
    this.#loads.inc({ status: "failure" });
  }

  selected(tenant: string, chunks: number): void {
    this.#chunks.inc({ user: tenant }, chunks);
  }

  deleted(tenant: string, lines: number): void {
    this.#lines.inc({ user: tenant }, lines);
  }

  unreadable(tenant: string, key: string, error: Error): void {
    this.#failures.inc({ cause: "unreadable chunk" });
    this.#log.error({ tenant, key, error: error.message }, "lines to delete lie in a chunk that cannot be read");
  }

  carriedOut(tenant: string, { id, query, state, receipt }: DeleteRequest): void {
    if (state === "processed") this.#processed.inc({ user: tenant });
    this.#log.info({ tenant, id, query, state, ...receipt }, "delete request carried out");
  }
}
