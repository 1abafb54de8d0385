import type { Grouping } from "@ratatosk/logql";
import type { Extent, Labels } from "@ratatosk/model";
import { parserHints, type SeriesLabels } from "@ratatosk/pipeline";
import type { QueryContext } from "../query-context.ts";
import type { CountResult, CountTask, SampleError } from "../scan/job.ts";
import type { Breather } from "./breather.ts";
import { WindowSpan } from "../scan/windows.ts";
import { seriesKey } from "../series.ts";

interface Counts {
  readonly labels: Labels;
  readonly entries: Float64Array;
  readonly amounts: Float64Array;
}

/** Adds up the counts of many scans, series by series. */
export class CountMerger {
  /** The earliest sample that fails the query. */
  error: SampleError | undefined;
  readonly #series = new Map<string, Counts>();
  readonly #task: CountTask;
  readonly #context: QueryContext;
  readonly #span: WindowSpan;
  readonly #wanted: ReadonlySet<string> | undefined;

  constructor(task: CountTask, context: QueryContext) {
    this.#task = task;
    this.#context = context;
    this.#span = new WindowSpan(task.windows);
    this.#wanted = parserHints([], { grouping: task.grouping, noLabels: task.noLabels, unwrap: undefined }).wanted;
  }

  async add({ table, entries, amounts, error }: CountResult, breather: Breather): Promise<void> {
    if (error && (this.error === undefined || error.time < this.error.time)) this.error = error;
    for (const [id, series] of table.entries()) {
      if (entries[id] === undefined) continue;
      const counts = this.#of(plainLabels(series));
      addTo(counts.entries, entries[id]);
      if (counts.amounts !== counts.entries) addTo(counts.amounts, amounts[id]!);
      if (breather.isDue) await breather.rest();
    }
  }

  /** Counts a chunk or block without opening it, if all its entries lie in the same windows and series. */
  addExtent(extent: Extent, labels: Labels): boolean {
    const { first } = this.#task.windows;
    if (this.#wanted === undefined || ![...this.#wanted].every((name) => labels.some(([own]) => own === name)))
      return false;
    const inSome = this.#span.find(Number(extent.minTime - first));
    const { from, to } = this.#span;
    if (this.#span.find(Number(extent.maxTime - first)) !== inSome) return false;
    // In no window, both ends must lie in the same gap.
    if (this.#span.from !== from || this.#span.to !== to) return false;
    if (!inSome) return true;
    const counts = this.#of(grouped(labels, this.#task.grouping));
    change(counts.entries, from, to, extent.entries);
    if (counts.amounts !== counts.entries) change(counts.amounts, from, to, extent.bytes);
    return true;
  }

  /** The series. */
  finish(): readonly Counts[] {
    return [...this.#series.values()];
  }

  #of(labels: Labels): Counts {
    const key = seriesKey(labels);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const size = this.#task.windows.count + 1;
    const bytes = this.#task.of === "bytes";
    this.#context.budget.take(size * (bytes ? 16 : 8) + key.length * 4);
    const entries = new Float64Array(size);
    const made = { labels, entries, amounts: bytes ? new Float64Array(size) : entries };
    this.#series.set(key, made);
    return made;
  }
}

function change(changes: Float64Array, from: number, to: number, amount: number): void {
  changes[from]! += amount;
  changes[to + 1]! -= amount;
}

function addTo(total: Float64Array, more: Float64Array): void {
  for (let i = 0; i < total.length; i++) total[i]! += more[i]!;
}

const grouped = (labels: Labels, grouping: Grouping | undefined): Labels =>
  labels.filter(([name]) => grouping?.labels.includes(name) ?? false);

export const plainLabels = ({ labels }: SeriesLabels): Labels =>
  labels.map(({ name, value }) => [name, value] as const);
