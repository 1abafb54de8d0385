import type { RangeAggregation, RangeOp, VectorAggregation } from "./ast.ts";
import { floatOf } from "./go-float.ts";

const groupable: ReadonlySet<RangeOp> = new Set([
  "avg_over_time",
  "stddev_over_time",
  "stdvar_over_time",
  "quantile_over_time",
  "max_over_time",
  "min_over_time",
  "first_over_time",
  "last_over_time",
]);
const needUnwrap: ReadonlySet<RangeOp> = new Set([...groupable, "sum_over_time", "rate_counter"]);
const refuseUnwrap: ReadonlySet<RangeOp> = new Set(["count_over_time", "bytes_over_time", "bytes_rate"]);

/** What is wrong with a range aggregation; `param` is its parameter as written. */
export function checkRange({ op, unwrap, grouping }: RangeAggregation, param: string | undefined): string | undefined {
  if (param !== undefined && op !== "quantile_over_time") return `parameter ${param} not supported for operation ${op}`;
  if (op === "quantile_over_time") {
    if (param === undefined) return `parameter required for operation ${op}`;
    if (floatOf(param) === undefined)
      return `invalid parameter for operation ${op}: strconv.ParseFloat: parsing "${param}": invalid syntax`;
  }
  if (grouping !== undefined && !groupable.has(op)) return `grouping not allowed for ${op} aggregation`;
  if (unwrap === undefined) return needUnwrap.has(op) ? `invalid aggregation ${op} without unwrap` : undefined;
  return refuseUnwrap.has(op) ? `invalid aggregation ${op} with unwrap` : undefined;
}

const takesK: ReadonlySet<string> = new Set(["topk", "bottomk", "approx_topk"]);

/** What is wrong with a vector aggregation; `param` is its parameter as written. */
export function checkVectorAggregation(
  { op, grouping }: VectorAggregation,
  param: string | undefined,
): string | undefined {
  if (takesK.has(op)) {
    if (param === undefined) return `parameter required for operation ${op}`;
    if (!/^\d{1,18}$/.test(param)) return `invalid parameter ${op}(${param},`;
    if (Number(param) === 0) return `invalid parameter (must be greater than 0) ${op}(${param}`;
  } else if (param !== undefined) return `unsupported parameter for operation ${op}(${param},`;
  if (grouping === undefined) return undefined;
  if (op === "approx_topk") return "grouping not allowed for approx_topk aggregation";
  return op === "sort" || op === "sort_desc" ? "sort and sort_desc doesn't allow grouping by " : undefined;
}
