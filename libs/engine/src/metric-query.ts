import type { MetricExpr } from "@ratatosk/logql";
import { compareLabels, type MatrixResult, type ScalarResult, type VectorResult, RatatoskError } from "@ratatosk/model";
import { evaluate } from "./evaluate.ts";
import type { QueryContext } from "./query-context.ts";
import { expectReading } from "./range/range-query.ts";
import { isEmpty, type Series, sortSeries, type Steps } from "./series.ts";

/** What a metric query may return. */
export interface MetricTerms {
  /** 0 for no limit. */
  readonly maxSeries: number;
  /** Series above the limit are left out with a warning, instead of failing the query. */
  readonly partialSeries?: boolean;
  /** `approx_topk` is answered, exactly as `topk`; refused otherwise. */
  readonly approxTopk?: boolean;
}

/** Evaluates at every step. Series without a sample are left out; the others are sorted by their labels. */
export async function rangeMetricQuery(
  expr: MetricExpr,
  steps: Steps,
  terms: MetricTerms,
  context: QueryContext,
): Promise<MatrixResult> {
  if (usesApproxTopk(expr)) throw refusedAs500("count min sketches are only supported on instant queries");
  expectReadings(expr, steps, context);
  const series = (await evaluate(expr, steps, context)).filter((one) => !isEmpty(one));
  refuseMany(series, terms);
  return { type: "matrix", series: withinLimit(sortSeries(series), terms, context).map((one) => points(one, steps)) };
}

/** Evaluates once, at `time`, unix nanoseconds. */
export async function instantMetricQuery(
  expr: MetricExpr,
  time: bigint,
  terms: MetricTerms,
  context: QueryContext,
): Promise<VectorResult | ScalarResult> {
  const timeMs = milliseconds(time);
  if (expr.kind === "literal") return { type: "scalar", time: timeMs, value: expr.value };
  if (usesApproxTopk(expr) && terms.approxTopk !== true)
    throw refusedAs500("approx_topk is not enabled. See -limits.shard_aggregations");
  const steps = { start: time, step: 1, count: 1 };
  expectReadings(expr, steps, context);
  const all = await evaluate(expr, steps, context);
  const series = all.filter(({ present }) => present[0] === 1);
  refuseMany(series, terms);
  const samples = withinLimit(series, terms, context).map(({ labels, values }) => ({ labels, value: values[0]! }));
  const order = sortOf(expr);
  if (order) samples.sort((a, b) => compareValues(a.value, b.value, order === "sort_desc"));
  else samples.sort((a, b) => compareLabels(a.labels, b.labels));
  return { type: "vector", time: timeMs, samples };
}

/** Loki answers these with 500, though it is the query that is wrong. */
const refusedAs500 = (message: string): RatatoskError => new RatatoskError("bad_request", message, { status: 500 });

const isBeyond = (series: readonly Series[], { maxSeries }: MetricTerms): boolean =>
  maxSeries > 0 && series.length > maxSeries;
const reached = ({ maxSeries }: MetricTerms): string =>
  `maximum number of series (${maxSeries}) reached for a single query; `;

/** Before they are sorted: there may be hundreds of thousands. */
function refuseMany(series: readonly Series[], terms: MetricTerms): void {
  if (terms.partialSeries !== true && isBeyond(series, terms))
    throw new RatatoskError(
      "bad_request",
      `${reached(terms)}consider reducing query cardinality by adding more specific stream selectors, reducing the time range, or aggregating results with functions like sum(), count() or topk()`,
    );
}

function withinLimit(series: readonly Series[], terms: MetricTerms, { warnings }: QueryContext): readonly Series[] {
  if (!isBeyond(series, terms)) return series;
  warnings.add(`${reached(terms)}returning partial results`);
  return series.slice(0, terms.maxSeries);
}

function points({ labels, values, present }: Series, { start, step, count }: Steps): MatrixResult["series"][number] {
  const size = present.reduce((sum, one) => sum + one, 0);
  const result = { labels, times: new Float64Array(size), values: new Float64Array(size) };
  for (let k = 0, at = 0; k < count; k++) {
    if (present[k] === 0) continue;
    result.times[at] = milliseconds(start) + k * step;
    result.values[at++] = values[k]!;
  }
  return result;
}

const milliseconds = (nanoseconds: bigint): number => Number(nanoseconds / 1_000_000n);

/** By value, NaN last. */
function compareValues(a: number, b: number, descending: boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return descending ? b - a : a - b;
}

/** The outermost `sort` or `sort_desc` of an expression. */
function sortOf(expr: MetricExpr): "sort" | "sort_desc" | undefined {
  if (expr.kind === "vector-aggregation" && (expr.op === "sort" || expr.op === "sort_desc")) return expr.op;
  return children(expr)
    .map(sortOf)
    .find((op) => op !== undefined);
}

const usesApproxTopk = (expr: MetricExpr): boolean =>
  (expr.kind === "vector-aggregation" && expr.op === "approx_topk") || children(expr).some(usesApproxTopk);

/** Says what all parts are going to read, before the first does. */
function expectReadings(expr: MetricExpr, steps: Steps, context: QueryContext): void {
  if (expr.kind === "range-aggregation") expectReading(expr, steps, context);
  for (const child of children(expr)) expectReadings(child, steps, context);
}

function children(expr: MetricExpr): readonly MetricExpr[] {
  switch (expr.kind) {
    case "vector-aggregation":
    case "label-replace":
      return [expr.expr];
    case "binary":
      return [expr.left, expr.right];
    default:
      return [];
  }
}
