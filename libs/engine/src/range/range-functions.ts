import type { RangeAggregation } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";
import type { Windows } from "../scan/job.ts";
import { newSeries, type Series } from "../series.ts";
import { absentSeries } from "./absent.ts";
import { Breather } from "./breather.ts";
import { CountMerger } from "./count-merger.ts";
import type { Samples, SampleMerger } from "./sample-merger.ts";
import { windowFunction, type WindowFunction } from "./window-functions.ts";

/** Turns what the scans found into the series of the aggregation, a stretch of work at a time. */
export async function rangeFunctions(
  expr: RangeAggregation,
  windows: Windows,
  merger: CountMerger | SampleMerger,
  signal: AbortSignal,
): Promise<Series[]> {
  const series =
    merger instanceof CountMerger
      ? merger.finish().map((counts) => countSeries(expr, windows, counts))
      : await allSampleSeries(expr, windows, merger, new Breather(signal));
  return expr.op === "absent_over_time" ? absentSeries(expr, windows.count, series) : series;
}

async function allSampleSeries(
  expr: RangeAggregation,
  windows: Windows,
  merger: SampleMerger,
  breather: Breather,
): Promise<Series[]> {
  const all: Series[] = [];
  for await (const samples of merger.finish(breather))
    all.push(await sampleSeries(windowFunction(expr), windows, samples, breather));
  return all;
}

interface Counts {
  readonly labels: Labels;
  readonly entries: Float64Array;
  readonly amounts: Float64Array;
}

function countSeries({ op }: RangeAggregation, { count, length }: Windows, counts: Counts): Series {
  const series = newSeries(counts.labels, count);
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
  breather: Breather,
): Promise<Series> {
  const { times, values, labels } = samples;
  const series = newSeries(labels, count);
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
