import type { RangeAggregation } from "@ratatosk/logql";
import type { Labels } from "@ratatosk/model";
import type { Windows } from "../scan/job.ts";
import { newSeries, type Series, type SeriesTaker } from "../series.ts";
import { Absence } from "./absent.ts";
import type { Breather } from "./breather.ts";
import { CountMerger } from "./count-merger.ts";
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
  if (merger instanceof CountMerger) {
    const series = new CountedSeries(expr, windows, merger);
    while (series.next()) {
      take(series);
      if (breather.isDue) await breather.rest();
    }
    return;
  }
  const { values, present } = newSeries([], windows.count);
  const evaluate = windowFunction(expr);
  for await (const samples of merger.finish(breather)) {
    present.fill(0);
    const series = { labels: samples.labels, values, present };
    await sampleSeries(evaluate, windows, samples, series, breather);
    take(series);
  }
}

/** One series after the other. Labels are made only if they are asked for: of very many series few are among the best. */
class CountedSeries implements Series {
  readonly values: Float64Array;
  readonly present: Uint8Array;
  readonly #merger: CountMerger;
  readonly #divisor: number;
  readonly #entries: Float64Array;
  readonly #amounts: Float64Array;
  #number = -1;

  constructor({ op }: RangeAggregation, { count, length }: Windows, merger: CountMerger) {
    const { values, present } = newSeries([], count);
    this.values = values;
    this.present = present;
    this.#merger = merger;
    this.#divisor = op === "rate" || op === "bytes_rate" ? length / 1e9 : 1;
    this.#entries = new Float64Array(count + 1);
    this.#amounts = merger.countsBytes ? new Float64Array(count + 1) : this.#entries;
  }

  get labels(): Labels {
    return this.#merger.labels(this.#number);
  }

  /** Goes to the next series; false after the last. */
  next(): boolean {
    if (++this.#number === this.#merger.length) return false;
    this.#merger.read(this.#number, this.#entries, this.#amounts);
    let [entries, amount] = [0, 0];
    for (let k = 0; k < this.values.length; k++) {
      entries += this.#entries[k]!;
      amount += this.#amounts[k]!;
      this.present[k] = Number(entries > 0);
      this.values[k] = entries > 0 ? amount / this.#divisor : 0;
    }
    return true;
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
