import { Counter, Discarded, Gauge, Histogram, type Logger, type Registry } from "@ratatosk/observability";
import type { RefusedCount } from "./refusals.ts";
import type { ValidPush } from "./validate-push.ts";

export type PushFormat = "loki" | "otlp";

/** Labels that the counters of a push share. */
export interface PushLabels {
  readonly tenant: string;
  readonly format: PushFormat;
  /** Hours that the tenant's lines are kept. */
  readonly retentionHours: string;
}

/** Headers of pushes that metrics tell apart: what a client makes up is no label. */
const knownHeaders = new Set([
  "",
  "application/json",
  "application/x-protobuf",
  "gzip",
  "snappy",
  "deflate",
  "zstd",
  "lz4",
]);

function known(header: string): string {
  const value = header.split(";")[0]!.trim().toLowerCase();
  return knownHeaders.has(value) ? value : "other";
}

const mostNames = 100;
const longestName = 120;

/** What a distributor does, counted under Loki's names. */
export class DistributorEvents {
  readonly #names = new Set<string>();
  readonly #log: Logger;
  readonly #bytes: Counter;
  readonly #metadataBytes: Counter;
  readonly #lines: Counter;
  readonly #discarded: Discarded;
  readonly #mutatedLines: Counter;
  readonly #mutatedBytes: Counter;
  readonly #lag: Counter;
  readonly #appends: Counter;
  readonly #appendFailures: Counter;
  readonly #appendTimeouts: Counter;
  readonly #pushes: Counter;
  readonly #bytesPerLine: Histogram;

  constructor(log: Logger, registry: Registry) {
    const counter = (name: string, help: string, labelNames: string[]): Counter =>
      new Counter({ name, help, labelNames, registers: [registry] });
    const received = ["tenant", "retention_hours", "is_internal_stream", "policy", "format"];
    this.#log = log;
    this.#bytes = counter("loki_distributor_bytes_received_total", "Bytes of lines and metadata accepted.", received);
    this.#metadataBytes = counter(
      "loki_distributor_structured_metadata_bytes_received_total",
      "Bytes of structured metadata accepted.",
      received,
    );
    this.#lines = counter("loki_distributor_lines_received_total", "Lines accepted.", [
      "tenant",
      "is_internal_stream",
      "policy",
      "format",
    ]);
    this.#discarded = new Discarded(registry);
    this.#mutatedLines = counter("loki_mutated_samples_total", "Lines changed.", ["reason", "tenant"]);
    this.#mutatedBytes = counter("loki_mutated_bytes_total", "Bytes cut from lines.", ["reason", "tenant"]);
    this.#lag = counter("loki_distributor_lag_ms_total", "Milliseconds by which the newest line of pushes was old.", [
      "tenant",
      "userAgent",
      "format",
    ]);
    this.#appends = counter("loki_distributor_ingester_appends_total", "Batches sent to ingesters.", ["ingester"]);
    this.#appendFailures = counter(
      "loki_distributor_ingester_append_failures_total",
      "Batches that an ingester did not take.",
      ["ingester"],
    );
    this.#appendTimeouts = counter(
      "loki_distributor_ingester_append_timeouts_total",
      "Batches that an ingester did not take in time.",
      ["ingester"],
    );
    this.#pushes = counter("loki_distributor_push_stats_count", "Pushes, by how they were sent.", [
      "tenant",
      "content_type",
      "content_encoding",
      "format",
    ]);
    this.#bytesPerLine = new Histogram({
      name: "loki_bytes_per_line",
      help: "Mean bytes of the lines of a push.",
      buckets: Array.from({ length: 8 }, (_, i) => 8 ** i),
      registers: [registry],
    });
  }

  /** Tells of the state of the distributor each time it is asked for. */
  watch(registry: Registry, state: { replicationFactor: () => number; ingesters: () => number }): void {
    const gauge = (name: string, help: string, read: () => number): void => {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    };
    gauge("loki_distributor_replication_factor", "Ingesters that hold each stream.", state.replicationFactor);
    gauge("loki_distributor_ingester_clients", "Ingesters known.", state.ingesters);
  }

  received(labels: PushLabels, contentType: string, contentEncoding: string): void {
    const { tenant, format } = labels;
    this.#pushes.inc({ tenant, format, content_type: known(contentType), content_encoding: known(contentEncoding) });
  }

  accepted({ tenant, format, retentionHours }: PushLabels, push: ValidPush, lagMs: number, userAgent: string): void {
    if (push.truncated.entries > 0) {
      this.#mutatedLines.inc({ reason: "line_too_long", tenant }, push.truncated.entries);
      this.#mutatedBytes.inc({ reason: "line_too_long", tenant }, push.truncated.bytes);
    }
    if (push.entries === 0) return;
    const labels = { tenant, retention_hours: retentionHours, is_internal_stream: "false", policy: "", format };
    this.#bytes.inc(labels, push.lineBytes + push.metadataBytes);
    this.#metadataBytes.inc(labels, push.metadataBytes);
    this.#lines.inc({ tenant, is_internal_stream: "false", policy: "", format }, push.entries);
    this.#bytesPerLine.observe(push.lineBytes / push.entries);
    this.#lag.inc({ tenant, userAgent: this.#named(userAgent), format }, Math.max(0, lagMs));
  }

  /** Senders may call themselves anything: the first hundred names are told apart. */
  #named(userAgent: string): string {
    const name = userAgent.slice(0, longestName);
    if (!this.#names.has(name) && this.#names.size >= mostNames) return "other";
    this.#names.add(name);
    return name;
  }

  refused({ tenant, format, retentionHours }: PushLabels, counts: ReadonlyMap<string, RefusedCount>): void {
    for (const [reason, count] of counts)
      this.#discarded.add({ reason, tenant, retention_hours: retentionHours, policy: "", format }, count);
  }

  appended(ingester: string): void {
    this.#appends.inc({ ingester });
  }

  appendFailed(ingester: string, error: Error): void {
    this.#appends.inc({ ingester });
    this.#appendFailures.inc({ ingester });
    this.#log.warn({ ingester, err: error }, "an ingester did not take a batch");
  }

  appendTimedOut(ingester: string): void {
    this.#appends.inc({ ingester });
    this.#appendTimeouts.inc({ ingester });
    this.#log.warn({ ingester }, "an ingester did not take a batch in time");
  }
}
