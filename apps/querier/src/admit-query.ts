import type { QueryTerms } from "@ratatosk/engine";
import type { HttpRequest, TimeBounds } from "@ratatosk/http";
import type { Expr } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { isBlocked } from "./blocked-queries.ts";
import { bytesCheck } from "./bytes-limit.ts";
import { logExprs } from "./expressions.ts";
import { checkQuery } from "./query-limits.ts";
import { isFromDrilldown, queryTags } from "./query-tags.ts";
import type { Reader } from "./reader.ts";

export interface QueryToAdmit {
  readonly text: string;
  readonly expr: Expr;
  readonly range: TimeBounds;
}

/** Labels of streams that are not a user's. */
const internalLabels = ["__aggregated_metric__", "__pattern__"];

/** Checks a query against the limits of its text and selectors; the terms on which it may run. */
export function admitQuery(
  { text, expr, range }: QueryToAdmit,
  { limits, terms }: Reader,
  { headers }: HttpRequest,
): QueryTerms {
  checkQuery(expr, limits);
  if (isBlocked({ text, expr, tags: queryTags(headers) }, limits.blocked_queries))
    throw new RatatoskError("bad_request", "query blocked by policy");
  const isInternal = logExprs(expr).some(({ matchers }) => matchers.some(({ name }) => internalLabels.includes(name)));
  if (isInternal && !isFromDrilldown(headers))
    throw new RatatoskError("bad_request", "internal streams can only be queried from Logs Drilldown");
  return { ...terms, onSelected: bytesCheck(expr, range, limits) };
}
