import type { LimitsSource } from "@ratatosk/config";
import type { QueryEngine, QueryTerms } from "@ratatosk/engine";
import type { HttpRequest } from "@ratatosk/http";
import type { ChunkSource } from "@ratatosk/model";
import type { QueryLog } from "./query-log.ts";
import { limitsOf, type QueryLimits } from "./query-limits.ts";
import { isFromDrilldown } from "./query-tags.ts";
import { withRequestLimits } from "./request-limits.ts";
import { TenantsSource } from "./tenants-source.ts";
import { TimedSource } from "./timed-source.ts";

/** What all routes share. */
export interface ReaderModules {
  readonly engine: QueryEngine;
  readonly source: ChunkSource;
  readonly limits: LimitsSource;
  readonly queryLog: QueryLog;
  /** Requests may tighten limits by a header. */
  readonly perRequestLimits: boolean;
  /** Unix nanoseconds. */
  readonly now: () => bigint;
}

/** What a request may read, and how much. */
export interface Reader {
  readonly tenant: string;
  /** Waited for as long as a query may take. */
  readonly source: ChunkSource;
  readonly limits: QueryLimits;
  readonly terms: QueryTerms;
}

export function readerOf({ source, limits, perRequestLimits }: ReaderModules, request: HttpRequest): Reader {
  const { tenants, signal, headers } = request;
  const ofTenants = limitsOf(limits, tenants);
  const own = perRequestLimits ? withRequestLimits(ofTenants, headers) : ofTenants;
  const reads = tenants.length > 1 ? new TenantsSource(source, tenants) : source;
  const terms: QueryTerms = {
    tenant: tenants[0]!,
    tenants,
    source: reads,
    signal,
    timeoutMs: own.query_timeout,
    maxSeries: own.max_query_series,
    maxChunks: own.max_chunks_per_query,
    maxStreams: own.cardinality_limit,
    partialSeries: isFromDrilldown(headers),
    approxTopk: own.shard_aggregations.includes("approx_topk"),
  };
  return { tenant: tenants[0]!, source: new TimedSource(reads, own.query_timeout), limits: own, terms };
}
