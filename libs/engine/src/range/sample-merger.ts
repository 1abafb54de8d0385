import type { Labels } from "@ratatosk/model";
import type { QueryContext } from "../query-context.ts";
import type { SampleError, SamplesResult, SamplesTask } from "../scan/job.ts";
import type { Breather } from "./breather.ts";
import { SeriesNumbers } from "./series-numbers.ts";
import { orderByTime } from "./order-by-time.ts";

/** The samples of one series, ascending by time (nanoseconds after the end of the first window). */
export interface Samples {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Samples `from` up to `to` of a scan's, which lie there by series. */
interface Part {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
}

const partBytes = 100;
/** Series between two looks at the memory held. */
const stretch = 256;

/** Collects the samples of many scans, series by series. */
export class SampleMerger {
  /** The earliest sample that fails the query. */
  error: SampleError | undefined;
  readonly #series = new SeriesNumbers();
  readonly #parts: Part[][] = [];
  readonly #context: QueryContext;
  #sampleBytes = 0;
  #held = 0;

  constructor(_task: SamplesTask, context: QueryContext) {
    this.#context = context;
  }

  async add(result: SamplesResult, breather: Breather): Promise<void> {
    const { table, error } = result;
    const count = table.labelEnds.length;
    if (error && (this.error === undefined || error.time < this.error.time)) this.error = error;
    const names = this.#series.namesOf(table);
    this.#sampleBytes += result.series.length * 16;
    const { times, values, ends } = bySeries(result, count);
    for (let id = 0; id < count; id++) {
      const [from, to] = [id === 0 ? 0 : ends[id - 1]!, ends[id]!];
      if (from === to) continue;
      const parts = (this.#parts[this.#series.of(table, id, names)] ??= []);
      parts.push({ times, values, from, to });
      this.#sampleBytes += partBytes;
      if (id % stretch === 0) this.#hold();
      if (breather.isDue) await breather.rest();
    }
    this.#hold();
  }

  /** The series one by one. */
  async *finish(breather: Breather): AsyncGenerator<Samples> {
    for (const [number, parts] of this.#parts.entries())
      yield { labels: this.#series.labels(number), ...(await join(parts, breather)) };
  }

  /** Gives back what it held: its series are no longer asked for. */
  release(): void {
    this.#context.budget.take(-this.#held);
    this.#held = 0;
  }

  /** Counts what it holds as the query's memory. */
  #hold(): void {
    const bytes = this.#sampleBytes + this.#series.bytes;
    this.#context.budget.take(bytes - this.#held);
    this.#held = bytes;
  }
}

/** The samples of one series after those of another, and where those of each end. */
function bySeries(
  { series, times, values }: SamplesResult,
  count: number,
): Pick<Part, "times" | "values"> & { readonly ends: Uint32Array } {
  const ends = new Uint32Array(count);
  for (let i = 0; i < series.length; i++) ends[series[i]!]!++;
  for (let id = 1; id < count; id++) ends[id]! += ends[id - 1]!;
  const ordered = { times: new Float64Array(series.length), values: new Float64Array(series.length) };
  const at = ends.slice();
  for (let i = series.length - 1; i >= 0; i--) {
    const place = --at[series[i]!]!;
    ordered.times[place] = times[i]!;
    ordered.values[place] = values[i]!;
  }
  return { ...ordered, ends };
}

/** All samples by time; those of one instant stay in their order. */
async function join(parts: readonly Part[], breather: Breather): Promise<Pick<Part, "times" | "values">> {
  const size = parts.reduce((sum, { from, to }) => sum + to - from, 0);
  const [times, values] = [new Float64Array(size), new Float64Array(size)];
  let at = 0;
  for (const part of parts) {
    times.set(part.times.subarray(part.from, part.to), at);
    values.set(part.values.subarray(part.from, part.to), at);
    at += part.to - part.from;
  }
  if (isSorted(times)) return { times, values };
  const order = await orderByTime(times, breather);
  return { times: inOrder(times, order), values: inOrder(values, order) };
}

function inOrder(numbers: Float64Array, order: Uint32Array): Float64Array {
  const ordered = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) ordered[i] = numbers[order[i]!]!;
  return ordered;
}

function isSorted(times: Float64Array): boolean {
  for (let i = 1; i < times.length; i++) if (times[i]! < times[i - 1]!) return false;
  return true;
}
