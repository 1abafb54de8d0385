import type { RangeAggregation } from "@ratatosk/logql";
import type { Evaluation } from "../evaluation.ts";
import type { Windows } from "../scan/job.ts";
import type { Series } from "../series.ts";
import { absentSeries } from "./absent.ts";
import { CountMerger, type Counts } from "./count-merger.ts";
import type { Samples, SampleMerger } from "./sample-merger.ts";
import { windowFunction, type WindowFunction } from "./window-functions.ts";

/** Turns what the scans found into the series of the aggregation. */
export async function rangeFunctions(
  expr: RangeAggregation,
  windows: Windows,
  merger: CountMerger | SampleMerger,
  evaluation: Evaluation,
): Promise<Series[]> {
  const series =
    merger instanceof CountMerger
      ? await allCountSeries(expr, windows, merger, evaluation)
      : await allSampleSeries(expr, windows, merger, evaluation);
  return expr.op === "absent_over_time" ? absentSeries(expr, windows.count, series) : series;
}

async function allCountSeries(
  expr: RangeAggregation,
  windows: Windows,
  merger: CountMerger,
  evaluation: Evaluation,
): Promise<Series[]> {
  const all: Series[] = [];
  for (const counts of merger.finish()) {
    all.push(countSeries(expr, windows, counts, evaluation.newSeries(counts.labels)));
    if (evaluation.breather.isDue) await evaluation.breather.rest();
  }
  return all;
}

async function allSampleSeries(
  expr: RangeAggregation,
  windows: Windows,
  merger: SampleMerger,
  evaluation: Evaluation,
): Promise<Series[]> {
  const all: Series[] = [];
  for await (const samples of merger.finish(evaluation.breather))
    all.push(await sampleSeries(windowFunction(expr), windows, samples, evaluation));
  return all;
}

function countSeries({ op }: RangeAggregation, { count, length }: Windows, counts: Counts, series: Series): Series {
  const divisor = op === "rate" || op === "bytes_rate" ? length / 1e9 : 1;
  let [entries, amount] = [0, 0];
  for (let k = 0; k < count; k++) {
    entries += counts.entries[k]!;
    amount += counts.amounts[k]!;
    if (entries <= 0) continue;
    series.present[k] = 1;
    series.values[k] = amount / divisor;
  }
  return series;
}

async function sampleSeries(
  evaluate: WindowFunction,
  { step, count, length }: Windows,
  samples: Samples,
  evaluation: Evaluation,
): Promise<Series> {
  const { times, values, labels } = samples;
  const { breather } = evaluation;
  const series = evaluation.newSeries(labels);
  let [from, to] = [0, 0];
  for (let k = 0; k < count; k++) {
    const end = k * step;
    while (to < times.length && times[to]! <= end) to++;
    while (from < to && times[from]! <= end - length) from++;
    if (breather.isDue) await breather.rest();
    if (from === to) continue;
    series.present[k] = 1;
    series.values[k] = evaluate({ times, values, from, to, start: end - length, end });
  }
  return series;
}
