import type { RangeAggregation } from "@ratatosk/logql";
import type { Windows } from "../scan/job.ts";
import { newSeries, type Series, type SeriesTaker } from "../series.ts";
import { Absence } from "./absent.ts";
import type { Breather } from "./breather.ts";
import { CountMerger, type Counts } from "./count-merger.ts";
import type { Samples, SampleMerger } from "./sample-merger.ts";
import { windowFunction, type WindowFunction } from "./window-functions.ts";

/** Turns what the scans found into the series of the aggregation, one by one. */
export async function rangeFunctions(
  expr: RangeAggregation,
  windows: Windows,
  merger: CountMerger | SampleMerger,
  breather: Breather,
  take: SeriesTaker,
): Promise<void> {
  if (expr.op !== "absent_over_time") return eachSeries(expr, windows, merger, breather, take);
  const absence = new Absence(expr, windows.count);
  await eachSeries(expr, windows, merger, breather, (series) => absence.take(series));
  take(absence.finish());
}

async function eachSeries(
  expr: RangeAggregation,
  windows: Windows,
  merger: CountMerger | SampleMerger,
  breather: Breather,
  take: SeriesTaker,
): Promise<void> {
  const { values, present } = newSeries([], windows.count);
  if (merger instanceof CountMerger)
    for (const counts of merger.finish()) {
      present.fill(0);
      const series = { labels: counts.labels, values, present };
      countSeries(expr, windows, counts, series);
      take(series);
      if (breather.isDue) await breather.rest();
    }
  else
    for await (const samples of merger.finish(breather)) {
      present.fill(0);
      const series = { labels: samples.labels, values, present };
      await sampleSeries(windowFunction(expr), windows, samples, series, breather);
      take(series);
    }
}

function countSeries({ op }: RangeAggregation, { count, length }: Windows, counts: Counts, series: Series): void {
  const divisor = op === "rate" || op === "bytes_rate" ? length / 1e9 : 1;
  let [entries, amount] = [0, 0];
  for (let k = 0; k < count; k++) {
    entries += counts.entries[k]!;
    amount += counts.amounts[k]!;
    if (entries <= 0) continue;
    series.present[k] = 1;
    series.values[k] = amount / divisor;
  }
}

async function sampleSeries(
  evaluate: WindowFunction,
  { step, count, length }: Windows,
  { times, values }: Samples,
  series: Series,
  breather: Breather,
): Promise<void> {
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
}
