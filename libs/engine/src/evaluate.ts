import type { MetricExpr, VectorAggregation } from "@ratatosk/logql";
import { RatatoskError } from "@ratatosk/model";
import { Evaluation } from "./evaluation.ts";
import type { QueryContext } from "./query-context.ts";
import { type PushDown, rangeQuery } from "./range/range-query.ts";
import { constantSeries, type Series, type Steps } from "./series.ts";
import { aggregate } from "./vector/aggregate.ts";
import { binary, type Operand } from "./vector/binary.ts";
import { labelReplace } from "./vector/label-replace.ts";

/** Range aggregations over which `sum` may be taken entry by entry. */
const summable = new Set(["rate", "count_over_time", "bytes_over_time", "bytes_rate", "sum_over_time"]);

/** The series of a metric expression at every step. A number stays a number only as the whole query or in operations. */
export async function evaluate(expr: MetricExpr, steps: Steps, context: QueryContext): Promise<Series[]> {
  switch (expr.kind) {
    case "range-aggregation":
      return rangeQuery(expr, steps, undefined, context);
    case "vector-aggregation":
      return aggregate(expr, await aggregated(expr, steps, context), new Evaluation(steps.count, context));
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

/** What an aggregation aggregates: a sum hands its grouping down to the scan. */
function aggregated({ op, grouping, expr }: VectorAggregation, steps: Steps, context: QueryContext): Promise<Series[]> {
  if (expr.kind !== "range-aggregation") return evaluate(expr, steps, context);
  const sums = op === "sum" && expr.grouping === undefined && summable.has(expr.op);
  const pushDown: PushDown | undefined = sums ? { grouping: grouping ?? { without: false, labels: [] } } : undefined;
  return rangeQuery(expr, steps, pushDown, context);
}
