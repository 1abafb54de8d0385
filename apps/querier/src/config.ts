import { bytes, duration } from "@ratatosk/config";
import { z } from "zod";

const addressPattern = /^(dns\+)?[^\s:+]+:\d+$|^(dns\+)?\[[^\s\]]+\]:\d+$/;

/** `querier`: how queries are answered. */
export const QuerierConfig = z.strictObject({
  members: z
    .array(z.string().regex(addressPattern, "expected HOST:PORT or dns+HOST:PORT"))
    .prefault([])
    .describe(
      "gRPC addresses of all queriers, which share large queries; dns+tasks.querier:9095 for all that a name stands for. Empty: each works alone, and opens no gRPC listener.",
    ),
  health_period: duration.prefault("2s").describe("How often the other queriers are looked for."),
  share_queries_from: bytes
    .prefault("64MB")
    .describe("Queries are shared that look at so many raw bytes, as the index has them."),
  peer_patience: duration
    .prefault("10s")
    .describe("How long another querier may take for a part of a query; then it is done elsewhere."),
  multi_tenant_queries_enabled: z.boolean().prefault(false).describe("Reads may name several tenants: `a|b`."),
  max_concurrent: z.number().int().min(0).prefault(0).describe("Threads that scan; 0 for as many as there are cores."),
  query_memory: bytes.prefault("128MB").describe("Memory that one query may take."),
  queries_memory: bytes
    .prefault("192MB")
    .describe("Memory that all queries at once may take; one more is refused, 429."),
  results_memory: bytes
    .prefault("32MB")
    .describe("Memory for results of metric queries over data that no longer changes; 0 keeps none."),
  per_request_limits_enabled: z
    .boolean()
    .prefault(false)
    .describe("Requests may tighten limits of queries: the header X-Loki-Query-Limits."),
  tail_max_duration: duration.prefault("1h").describe("Longest a tail may last."),
  slow_query: duration.prefault("10s").describe("Queries that take longer are logged at level info."),
});
export type QuerierConfig = z.infer<typeof QuerierConfig>;
