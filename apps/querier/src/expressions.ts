import type { Expr, LogExpr, MetricExpr, RangeAggregation } from "@ratatosk/logql";

/** The range aggregations of a metric expression, from left to right. */
export function rangeAggregations(expr: MetricExpr): RangeAggregation[] {
  switch (expr.kind) {
    case "range-aggregation":
      return [expr];
    case "vector-aggregation":
    case "label-replace":
      return rangeAggregations(expr.expr);
    case "binary":
      return [...rangeAggregations(expr.left), ...rangeAggregations(expr.right)];
    case "literal":
    case "vector":
      return [];
  }
}

/** The selections of lines in a query. */
export const logExprs = (expr: Expr): LogExpr[] =>
  expr.kind === "log" ? [expr] : rangeAggregations(expr).map(({ log }) => log);
