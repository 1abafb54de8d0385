import type { QueryStats } from "@ratatosk/model";
import { Counter, Gauge, Histogram, type Logger, type Registry } from "@ratatosk/observability";

export interface QueryEvent {
  readonly kind: "range" | "instant";
  readonly type: "logs" | "metric";
  readonly query: string;
  readonly tenants: readonly string[];
  /** Who asked, where that is known. */
  readonly user?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly stats: QueryStats;
}

/** Tells what queries cost: a log line and metrics. */
export class QueryLog {
  readonly #log: Logger;
  readonly #slowSeconds: number;
  readonly #seconds: Histogram;
  readonly #bytes: Counter;
  readonly #failed: Counter;
  readonly #underWay: Gauge;

  constructor(log: Logger, registry: Registry, slowMs: number) {
    this.#log = log;
    this.#slowSeconds = slowMs / 1000;
    this.#seconds = new Histogram({
      name: "loki_logql_querystats_latency_seconds",
      help: "Time that queries took.",
      labelNames: ["status_code", "type", "range"],
      buckets: Array.from({ length: 10 }, (_, doublings) => 0.25 * 2 ** doublings),
      registers: [registry],
    });
    this.#bytes = new Counter({
      name: "loki_logql_querystats_bytes_processed_total",
      help: "Raw bytes that queries looked at.",
      labelNames: ["tenant"],
      registers: [registry],
    });
    this.#failed = new Counter({
      name: "loki_logql_queries_failed_total",
      help: "Queries that failed, by the code of the error.",
      labelNames: ["code"],
      registers: [registry],
    });
    this.#underWay = new Gauge({
      name: "loki_query_frontend_queries_in_progress",
      help: "Queries being answered now.",
      registers: [registry],
    });
  }

  began(): void {
    this.#underWay.inc();
  }

  ended(): void {
    this.#underWay.dec();
  }

  done({ kind, type, query, tenants, user, tags, stats }: QueryEvent): void {
    this.#seconds.observe({ status_code: "200", type, range: kind }, stats.execSeconds);
    // Anybody can name tenants that there are not: those with data are counted.
    if (stats.bytes > 0) this.#bytes.inc({ tenant: tenants.length === 1 ? tenants[0]! : "several" }, stats.bytes);
    const fields = {
      query,
      query_type: type,
      range_type: kind,
      org_id: tenants.join("|"),
      ...(user !== undefined && { user }),
      ...named(tags),
      ...cost(stats),
    };
    if (stats.execSeconds > this.#slowSeconds) this.#log.info(fields, "slow query");
    else this.#log.debug(fields, "query");
  }

  failed(query: string, code: string): void {
    this.#failed.inc({ code });
    this.#log.debug({ query, code }, "query failed");
  }
}

/** A tag cannot take the place of another field of the log. */
const named = (tags: QueryEvent["tags"]): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [`tag_${name}`, value]));

const cost = (stats: QueryStats): Record<string, number> => ({
  duration_seconds: stats.execSeconds,
  total_bytes: stats.bytes,
  total_lines: stats.lines,
  post_filter_lines: stats.postFilterLines,
  returned_lines: stats.entriesReturned,
  chunks: stats.chunksMatched,
  blocks: stats.blocksRead,
  blocks_skipped: stats.blocksSkipped,
  compressed_bytes: stats.compressedBytes,
  duplicates: stats.duplicates,
  streams: stats.streams,
});
