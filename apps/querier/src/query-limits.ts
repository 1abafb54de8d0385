import type { Limits, LimitsSource } from "@ratatosk/config";
import type { Expr, LogExpr, MetricExpr } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { formatDays, formatGoDuration } from "./durations.ts";
import { logExprs, rangeAggregations } from "./expressions.ts";

export type QueryLimits = Pick<
  Limits,
  | "query_timeout"
  | "max_query_length"
  | "max_query_range"
  | "max_query_lookback"
  | "max_entries_limit_per_query"
  | "max_query_series"
  | "max_chunks_per_query"
  | "max_streams_matchers_per_query"
  | "cardinality_limit"
  | "max_query_bytes_read"
  | "required_labels"
  | "minimum_labels_number"
  | "split_queries_by_interval"
  | "volume_enabled"
  | "volume_max_series"
  | "blocked_queries"
  | "max_querier_bytes_read"
  | "shard_aggregations"
  | "max_concurrent_tail_requests"
>;

/** The limits of a query: of several tenants each smallest one that is set, and all labels that any requires. */
export function limitsOf(limits: LimitsSource, tenants: readonly string[]): QueryLimits {
  const all = tenants.map((tenant) => limits.forTenant(tenant));
  return all.reduce((one, other) => ({ ...one, ...strictest(one, other) }));
}

function strictest(a: Limits, b: Limits): Partial<Limits> {
  const numbers = Object.entries(a).flatMap(([name, value]) => {
    const other = b[name as keyof Limits];
    return typeof value === "number" && typeof other === "number" ? [[name, smallestSet(value, other)]] : [];
  });
  return {
    ...(Object.fromEntries(numbers) as Partial<Limits>),
    required_labels: [...new Set([...a.required_labels, ...b.required_labels])],
    volume_enabled: a.volume_enabled && b.volume_enabled,
    blocked_queries: [...a.blocked_queries, ...b.blocked_queries],
  };
}

const smallestSet = (a: number, b: number): number => (a === 0 || b === 0 ? a + b : Math.min(a, b));

const refuse = (message: string): RatatoskError => new RatatoskError("bad_request", message);

/** Checks the selectors and ranges of a query. Throws bad_request with Loki's text. */
export function checkQuery(expr: Expr, limits: QueryLimits): void {
  for (const log of logExprs(expr)) checkSelector(log, limits);
  if (expr.kind !== "log") checkRanges(expr, limits.max_query_range);
}

export function checkSelector({ matchers }: Pick<LogExpr, "matchers">, limits: QueryLimits): void {
  const { max_streams_matchers_per_query: most, required_labels: required, minimum_labels_number: fewest } = limits;
  const names = [...new Set(matchers.map(({ name }) => name))];
  if (most > 0 && matchers.length > most)
    throw refuse(`max streams matchers per query exceeded, matchers-count > limit (${matchers.length} > ${most})`);
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0)
    throw refuse(
      `stream selector is missing required matchers [${missing.join(", ")}], labels present in the query were [${names.join(", ")}]`,
    );
  if (names.length < fewest)
    throw refuse(
      `stream selector has less label matchers than required: (present: [${names.join(", ")}], number_present: ${names.length}, required_number_label_matchers: ${fewest})`,
    );
}

function checkRanges(expr: MetricExpr, maxRangeMs: number): void {
  for (const { rangeNs } of rangeAggregations(expr))
    if (maxRangeMs > 0 && rangeNs > maxRangeMs * 1e6)
      throw refuse(`[interval] value exceeds limit: [${formatDays(rangeNs / 1e6)}] > [${formatDays(maxRangeMs)}]`);
}

/** Checks the number of lines asked for. */
export function checkEntriesLimit(limit: number, { max_entries_limit_per_query: most }: QueryLimits): void {
  if (most > 0 && limit > most)
    throw refuse(`max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${most})`);
}

/** Checks the length of the range; unix nanoseconds. */
export function checkLength(start: bigint, end: bigint, { max_query_length: most }: QueryLimits): void {
  const lengthMs = Number(end - start) / 1e6;
  if (most > 0 && lengthMs > most)
    throw refuse(
      `the query time range exceeds the limit (query length: ${formatGoDuration(lengthMs)}, limit: ${formatDays(most)})`,
    );
}

/** The start, moved up to the oldest time that may be looked at; undefined if the whole range is older. */
export function clampStart(start: bigint, end: bigint, now: bigint, limits: QueryLimits): bigint | undefined {
  const lookback = limits.max_query_lookback;
  if (lookback <= 0) return start;
  const oldest = now - BigInt(lookback) * 1_000_000n;
  if (end < oldest) return undefined;
  return start < oldest ? oldest : start;
}
