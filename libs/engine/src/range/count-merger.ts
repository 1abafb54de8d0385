import type { Grouping } from "@ratatosk/logql";
import type { Extent, Labels } from "@ratatosk/model";
import { category, parserHints, type RowLabel, type SeriesLabels } from "@ratatosk/pipeline";
import type { QueryContext } from "../query-context.ts";
import type { CountResult, CountTask, SampleError } from "../scan/job.ts";
import type { Breather } from "./breather.ts";
import { packLabels } from "../scan/packed-labels.ts";
import { WindowChanges } from "../scan/window-changes.ts";
import { WindowSpan } from "../scan/windows.ts";
import { SeriesNumbers } from "./series-numbers.ts";

/** Series between two looks at the memory held. */
const stretch = 256;

/** Adds up the counts of many scans, series by series. */
export class CountMerger {
  /** The earliest sample that fails the query. */
  error: SampleError | undefined;
  readonly #series = new SeriesNumbers();
  readonly #entries: WindowChanges;
  readonly #amounts: WindowChanges;
  #held = 0;
  readonly #task: CountTask;
  readonly #context: QueryContext;
  readonly #span: WindowSpan;
  readonly #wanted: ReadonlySet<string> | undefined;

  constructor(task: CountTask, context: QueryContext) {
    this.#task = task;
    this.#context = context;
    this.#span = new WindowSpan(task.windows);
    this.#entries = new WindowChanges(task.windows.count);
    this.#amounts = task.of === "bytes" ? new WindowChanges(task.windows.count) : this.#entries;
    this.#wanted = parserHints([], { grouping: task.grouping, noLabels: task.noLabels, unwrap: undefined }).wanted;
  }

  async add({ table, entries, amounts, error }: CountResult, breather: Breather): Promise<void> {
    if (error && (this.error === undefined || error.time < this.error.time)) this.error = error;
    const names = this.#series.namesOf(table);
    let [entry, amount] = [0, 0];
    for (let id = 0; id < table.labelEnds.length; id++) {
      const [ofEntries, ofAmounts] = [entry, amount];
      entry += entries.sizes[id]!;
      amount += amounts.sizes[id]!;
      if (entry === ofEntries) continue;
      const series = this.#series.of(table, id, names);
      this.#entries.addPacked(series, entries, ofEntries, entry);
      if (this.#amounts !== this.#entries) this.#amounts.addPacked(series, amounts, ofAmounts, amount);
      if (id % stretch === 0) this.#hold();
      if (breather.isDue) await breather.rest();
    }
    this.#hold();
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
    const table = packLabels([{ labels: grouped(labels, this.#task.grouping) }]);
    const series = this.#series.of(table, 0, this.#series.namesOf(table));
    this.#entries.add(series, from, to, extent.entries);
    if (this.#amounts !== this.#entries) this.#amounts.add(series, from, to, extent.bytes);
    this.#hold();
    return true;
  }

  get countsBytes(): boolean {
    return this.#amounts !== this.#entries;
  }

  /** How many series there are. */
  get length(): number {
    return this.#series.length;
  }

  labels(series: number): Labels {
    return this.#series.labels(series);
  }

  /** Writes how the counts of a series change from window to window: of entries, and where it counts bytes, of these. */
  read(series: number, entries: Float64Array, amounts: Float64Array): void {
    this.#entries.read(series, entries);
    if (amounts !== entries) this.#amounts.read(series, amounts);
  }

  /** Gives back what it held: its series are no longer asked for. */
  release(): void {
    this.#context.budget.take(-this.#held);
    this.#held = 0;
  }

  /** Counts what it holds as the query's memory. */
  #hold(): void {
    let bytes = this.#entries.bytes + this.#series.bytes;
    if (this.#amounts !== this.#entries) bytes += this.#amounts.bytes;
    this.#context.budget.take(bytes - this.#held);
    this.#held = bytes;
  }
}

const grouped = (labels: Labels, grouping: Grouping | undefined): RowLabel[] =>
  labels
    .filter(([name]) => grouping?.labels.includes(name) ?? false)
    .map(([name, value]) => ({ name, value, category: category.stream }));

export const plainLabels = ({ labels }: SeriesLabels): Labels =>
  labels.map(({ name, value }) => [name, value] as const);
