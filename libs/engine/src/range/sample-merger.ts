import type { Labels } from "@ratatosk/model";
import type { QueryContext } from "../query-context.ts";
import type { SampleError, SamplesResult, SamplesTask } from "../scan/job.ts";
import { seriesKey } from "../series.ts";
import type { Breather } from "./breather.ts";
import { orderByTime } from "./order-by-time.ts";
import { plainLabels } from "./count-merger.ts";

/** The samples of one series, ascending by time (nanoseconds after the end of the first window). */
export interface Samples {
  readonly labels: Labels;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

interface Part {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Collects the samples of many scans, series by series. */
export class SampleMerger {
  /** The earliest sample that fails the query. */
  error: SampleError | undefined;
  readonly #series = new Map<string, { labels: Labels; parts: Part[] }>();
  readonly #context: QueryContext;

  constructor(_task: SamplesTask, context: QueryContext) {
    this.#context = context;
  }

  async add(result: SamplesResult, breather: Breather): Promise<void> {
    const { table, series, error } = result;
    if (error && (this.error === undefined || error.time < this.error.time)) this.error = error;
    this.#context.budget.take(series.length * 16);
    for (const [id, part] of split(result).entries()) {
      if (part === undefined) continue;
      const labels = plainLabels(table[id]!);
      const key = seriesKey(labels);
      const known = this.#series.get(key);
      if (known) known.parts.push(part);
      else this.#series.set(key, { labels, parts: [part] });
      if (breather.isDue) await breather.rest();
    }
  }

  /** The series one by one. */
  async *finish(breather: Breather): AsyncGenerator<Samples> {
    for (const { labels, parts } of this.#series.values()) yield { labels, ...(await join(parts, breather)) };
  }
}

/** The samples of each series number by themselves. */
function split({ series, times, values, table }: SamplesResult): (Part | undefined)[] {
  const sizes = new Uint32Array(table.length);
  for (const id of series) sizes[id]!++;
  const parts = Array.from(sizes, (size) =>
    size === 0 ? undefined : { times: new Float64Array(size), values: new Float64Array(size) },
  );
  const filled = new Uint32Array(table.length);
  for (let i = 0; i < series.length; i++) {
    const id = series[i]!;
    const at = filled[id]!++;
    parts[id]!.times[at] = times[i]!;
    parts[id]!.values[at] = values[i]!;
  }
  return parts;
}

/** All samples by time; those of one instant stay in their order. */
async function join(parts: readonly Part[], breather: Breather): Promise<Part> {
  const size = parts.reduce((sum, { times }) => sum + times.length, 0);
  const [times, values] = [new Float64Array(size), new Float64Array(size)];
  let at = 0;
  for (const part of parts) {
    times.set(part.times, at);
    values.set(part.values, at);
    at += part.times.length;
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
