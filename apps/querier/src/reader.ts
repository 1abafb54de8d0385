import type { LimitsSource } from "@ratatosk/config";
import type { QueryEngine, QueryTerms } from "@ratatosk/engine";
import type { HttpRequest } from "@ratatosk/http";
import type { ChunkSource } from "@ratatosk/model";
import type { QueryLog } from "./query-log.ts";
import { limitsOf, type QueryLimits } from "./query-limits.ts";
import { TenantsSource } from "./tenants-source.ts";

/** What all routes share. */
export interface ReaderModules {
  readonly engine: QueryEngine;
  readonly source: ChunkSource;
  readonly limits: LimitsSource;
  readonly queryLog: QueryLog;
  /** Unix nanoseconds. */
  readonly now: () => bigint;
}

/** What a request may read, and how much. */
export interface Reader {
  readonly tenant: string;
  readonly source: ChunkSource;
  readonly limits: QueryLimits;
  readonly terms: QueryTerms;
}

export function readerOf({ source, limits }: ReaderModules, { tenants, signal }: HttpRequest): Reader {
  const own = limitsOf(limits, tenants);
  const reads = tenants.length > 1 ? new TenantsSource(source, tenants) : source;
  const terms: QueryTerms = {
    tenant: tenants[0]!,
    source: reads,
    signal,
    timeoutMs: own.query_timeout,
    maxSeries: own.max_query_series,
    maxChunks: own.max_chunks_per_query,
    maxStreams: own.cardinality_limit,
  };
  return { tenant: tenants[0]!, source: reads, limits: own, terms };
}
