import type { VectorAggregation } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";
import type { Evaluation } from "../evaluation.ts";
import type { Series } from "../series.ts";
import { average, maximum, minimum, variance } from "../statistics.ts";
import { groups } from "./groups.ts";
import { selectSeries } from "./select.ts";

/** Aggregates series, step by step. */
export async function aggregate(
  expr: VectorAggregation,
  input: readonly Series[],
  evaluation: Evaluation,
): Promise<Series[]> {
  const { op, grouping } = expr;
  switch (op) {
    case "sort":
    case "sort_desc":
      return [...input];
    case "topk":
    case "bottomk":
    case "approx_topk":
      return selectSeries(expr, input, evaluation);
    default: {
      const reduced: Series[] = [];
      for (const { labels, members } of await groups(input, grouping, evaluation))
        reduced.push(await reduce(functions[op], labels, members, evaluation));
      return reduced;
    }
  }
}

const functions = {
  sum: (values: Float64Array): number => values.reduce((total, value) => total + value, 0),
  avg: average,
  min: minimum,
  max: maximum,
  count: (values: Float64Array): number => values.length,
  stddev: (values: Float64Array): number => Math.sqrt(variance(values)),
  stdvar: variance,
} as const;

async function reduce(
  fold: (values: Float64Array) => number,
  labels: Labels,
  members: readonly Series[],
  evaluation: Evaluation,
): Promise<Series> {
  const result = evaluation.newSeries(labels);
  const values = new Float64Array(members.length);
  for (let k = 0; k < evaluation.count; k++) {
    if (evaluation.breather.isDue) await evaluation.breather.rest();
    let size = 0;
    for (const { present, values: own } of members) if (present[k] === 1) values[size++] = own[k]!;
    if (size === 0) continue;
    result.present[k] = 1;
    result.values[k] = fold(values.subarray(0, size));
  }
  return result;
}
