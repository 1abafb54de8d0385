import type { Grouping, VectorAggregation } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";
import { newSeries, type Series, seriesKey } from "../series.ts";
import { average, maximum, minimum, variance } from "../statistics.ts";
import { selectSeries } from "./select.ts";

/** The labels of the group to which a series belongs. */
export function groupLabels(labels: Labels, grouping: Grouping | undefined): Labels {
  if (grouping === undefined) return [];
  const listed = grouping.labels;
  return labels.filter(([name]) => listed.includes(name) !== grouping.without);
}

/** Aggregates series, step by step. */
export function aggregate(expr: VectorAggregation, input: readonly Series[], count: number): Series[] {
  const { op, grouping } = expr;
  switch (op) {
    case "sort":
    case "sort_desc":
      return [...input];
    case "topk":
    case "bottomk":
    case "approx_topk":
      return selectSeries(expr, input, count);
    default:
      return groups(input, grouping).map(({ labels, members }) => reduce(functions[op], labels, members, count));
  }
}

interface Group {
  readonly labels: Labels;
  readonly members: Series[];
}

export function groups(input: readonly Series[], grouping: Grouping | undefined): Group[] {
  const byKey = new Map<string, Group>();
  for (const series of input) {
    const labels = groupLabels(series.labels, grouping);
    const key = seriesKey(labels);
    const known = byKey.get(key);
    if (known) known.members.push(series);
    else byKey.set(key, { labels, members: [series] });
  }
  return [...byKey.values()];
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

function reduce(
  fold: (values: Float64Array) => number,
  labels: Labels,
  members: readonly Series[],
  count: number,
): Series {
  const result = newSeries(labels, count);
  const values = new Float64Array(members.length);
  for (let k = 0; k < count; k++) {
    let size = 0;
    for (const { present, values: own } of members) if (present[k] === 1) values[size++] = own[k]!;
    if (size === 0) continue;
    result.present[k] = 1;
    result.values[k] = fold(values.subarray(0, size));
  }
  return result;
}
