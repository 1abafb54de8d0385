import type { MetricExpr, RangeAggregation, VectorAggregation } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { Evaluation } from "./evaluation.ts";
import type { QueryContext } from "./query-context.ts";
import { type PushDown, rangeQuery } from "./range/range-query.ts";
import { constantSeries, type Series, type SeriesTaker, type Steps } from "./series.ts";
import { aggregation } from "./vector/aggregate.ts";
import { binary, type Operand } from "./vector/binary.ts";
import { labelReplace } from "./vector/label-replace.ts";

/** Range aggregations over which `sum` may be taken entry by entry. */
const summable = new Set(["rate", "count_over_time", "bytes_over_time", "bytes_rate", "sum_over_time"]);

/** The series of a metric expression at every step. A number stays a number only as the whole query or in operations. */
export async function evaluate(expr: MetricExpr, steps: Steps, context: QueryContext): Promise<Series[]> {
  switch (expr.kind) {
    case "range-aggregation":
    case "vector-aggregation": {
      const [all, evaluation]: [Series[], Evaluation] = [[], new Evaluation(steps.count, context)];
      if (expr.kind === "vector-aggregation" && pushDownOf(expr) === undefined)
        return aggregated(expr, evaluation, steps, context);
      await eachSeries(expr, evaluation, steps, context, (series) => all.push(evaluation.copy(series)));
      return all;
    }
    case "binary": {
      const [left, right] = await Promise.all([
        operand(expr.left, steps, context),
        operand(expr.right, steps, context),
      ]);
      return binary(expr, left, right, new Evaluation(steps.count, context));
    }
    case "literal":
    case "vector":
      return [constantSeries([], expr.value, steps.count)];
    case "label-replace":
      if (expr.expr.kind === "literal")
        throw new RatatoskError(
          "internal",
          "unexpected expr type (*syntax.LiteralExpr) for Evaluator type (*syntax.DefaultEvaluator)",
        );
      return labelReplace(expr, await evaluate(expr.expr, steps, context), new Evaluation(steps.count, context));
  }
}

async function operand(expr: MetricExpr, steps: Steps, context: QueryContext): Promise<Operand> {
  return expr.kind === "literal" ? expr.value : evaluate(expr, steps, context);
}

/** The series one by one: of range aggregations and what aggregates them not all are held at once. */
async function eachSeries(
  expr: MetricExpr,
  evaluation: Evaluation,
  steps: Steps,
  context: QueryContext,
  take: SeriesTaker,
): Promise<void> {
  if (expr.kind === "range-aggregation") return rangeQuery(expr, steps, undefined, context, take);
  const pushDown = pushDownOf(expr);
  if (pushDown !== undefined) return rangeQuery(pushDown.expr, steps, pushDown, context, take);
  for (const series of await evaluate(expr, steps, context)) {
    take(series);
    await evaluation.pause();
  }
}

async function aggregated(
  expr: VectorAggregation,
  evaluation: Evaluation,
  steps: Steps,
  context: QueryContext,
): Promise<Series[]> {
  const results = aggregation(expr, evaluation);
  await eachSeries(expr.expr, evaluation, steps, context, (series) => results.take(series));
  return results.finish();
}

/** A sum that the scan does, as it hands its grouping down. */
function pushDownOf(expr: MetricExpr): (PushDown & { readonly expr: RangeAggregation }) | undefined {
  if (expr.kind !== "vector-aggregation" || expr.op !== "sum" || expr.expr.kind !== "range-aggregation")
    return undefined;
  const { grouping = { without: false, labels: [] }, expr: of } = expr;
  return of.grouping === undefined && summable.has(of.op) ? { grouping, expr: of } : undefined;
}
