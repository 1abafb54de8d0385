import type { TimeBounds } from "@ratatosk/http";
import type { Expr } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import type { QueryLimits } from "./query-limits.ts";

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/**
 * What checks how many bytes a query is going to read, as the index tells it: throws bad_request with Loki's text. Log
 * queries without filters are let in: they stop at their limit.
 */
export function bytesCheck(expr: Expr, range: TimeBounds, limits: QueryLimits): (bytes: number) => void {
  const { max_query_bytes_read: most, max_querier_bytes_read: mostAtOnce, split_queries_by_interval: split } = limits;
  if (expr.kind === "log" && expr.stages.length === 0) return () => undefined;
  // Loki reads a long range in parts, and one part is what a querier reads at once.
  const parts = split > 0 ? Math.max(1, Math.ceil(Number(range.end - range.start) / 1e6 / split)) : 1;
  return (bytes) => {
    if (most > 0 && bytes > most)
      throw new RatatoskError(
        "bad_request",
        `the query would read too many bytes (query: ${humanBytes(bytes)}, limit: ${humanBytes(most)}); consider adding more specific stream selectors or reduce the time range of the query`,
      );
    if (mostAtOnce > 0 && bytes / parts > mostAtOnce)
      throw new RatatoskError(
        "bad_request",
        `query too large to execute on a single querier: (query: ${humanBytes(bytes / parts)}, limit: ${humanBytes(mostAtOnce)}); consider adding more specific stream selectors, reduce the time range of the query, or adjust parallelization settings`,
      );
  };
}

/** `2.1 TiB`, `150 GiB`. */
export function humanBytes(bytes: number): string {
  if (bytes < 10) return `${Math.round(bytes)} B`;
  const exponent = Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const amount = Math.floor((bytes / 1024 ** exponent) * 10 + 0.5) / 10;
  return `${amount < 10 ? amount.toFixed(1) : amount.toFixed(0)} ${units[exponent]}`;
}
