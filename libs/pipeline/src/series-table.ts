import type { Grouping } from "@ratatosk/logql";
import { compareText, type MetadataColumn } from "@ratatosk/model";
import type { BlockView } from "./block-view.ts";
import { category, type Row, type RowLabel } from "./row.ts";

/** The labels of one series or result stream, sorted by name, each with the category it comes from. */
export interface SeriesLabels {
  readonly labels: readonly RowLabel[];
}

/** Which labels make a series. */
export interface SeriesOptions {
  /** Undefined for all labels. */
  readonly grouping: Grouping | undefined;
  /** A label that is never part of a series: the unwrapped one. */
  readonly except?: string | undefined;
  /** Rows with an error have no other labels than these, too; otherwise they have all. */
  readonly groupsErrors?: boolean;
}

const mostCached = 100_000;
const largestRadix = 2 ** 40;

/**
 * Numbers the label sets that rows end with; the numbers are positions in `series`. Of very many sets one may have more
 * than one number.
 */
export class SeriesTable {
  readonly series: SeriesLabels[] = [];
  readonly #groupsErrors: boolean;
  readonly #includes: (name: string) => boolean;
  readonly #byLabels = new Map<string, number>();
  readonly #byKey = new Map<string, number>();
  readonly #byMetadata = new Map<number, number>();
  #columns: readonly MetadataColumn[] = [];
  #metadataFits = true;
  /** The labels that make a series, where they are named. */
  readonly #listed: readonly string[] | undefined;
  #last = -1;
  readonly #lastCategories: number[] = [];
  readonly #lastValues: string[] = [];
  /** Where one label makes a series: by its category, then its value. */
  readonly #byValue = Object.values(category).map(() => new Map<string, number>());

  constructor({ grouping, except, groupsErrors = false }: SeriesOptions) {
    this.#groupsErrors = groupsErrors;
    const listed = new Set(grouping?.labels);
    if (grouping !== undefined && !grouping.without) this.#listed = [...listed];
    if (grouping === undefined) this.#includes = (name) => name !== except;
    else if (grouping.without) this.#includes = (name) => name !== except && !listed.has(name);
    else this.#includes = (name) => listed.has(name);
  }

  /** The rows that follow are of this stream and block. */
  openBlock(view: BlockView): void {
    this.#byMetadata.clear();
    this.#columns = view.metadata;
    this.#metadataFits = view.metadata.reduce((radix, { values }) => radix * (values.length + 1), 1) < largestRadix;
  }

  /** The series of a row. Rows whose labels no stage touched are found by their metadata's positions alone. */
  of(row: Row, at: number): number {
    if (row.error !== "") return this.#find(row);
    if (this.#listed !== undefined) return this.#byListed(row, this.#listed);
    if (row.changed || !this.#metadataFits) return this.#find(row);
    let key = 0;
    for (const { index, values } of this.#columns) key = key * (values.length + 1) + index[at]!;
    const known = this.#byMetadata.get(key);
    if (known !== undefined) return known;
    const id = this.#find(row);
    if (this.#byMetadata.size < mostCached) this.#byMetadata.set(key, id);
    return id;
  }

  /** Of the labels that count, most rows have the values of the row before. */
  #byListed(row: Row, listed: readonly string[]): number {
    let same = this.#last !== -1;
    for (let i = 0; i < listed.length; i++) {
      const slot = row.slot(listed[i]!);
      const from = slot === -1 ? category.none : row.categories[slot]!;
      const value = from === category.none ? "" : row.values[slot]!;
      if (from === this.#lastCategories[i] && value === this.#lastValues[i]) continue;
      same = false;
      this.#lastCategories[i] = from;
      this.#lastValues[i] = value;
    }
    if (same) return this.#last;
    return (this.#last = listed.length === 1 ? this.#ofValue() : this.#find(row));
  }

  /** The series that the one label makes which was just read. */
  #ofValue(): number {
    const [value = ""] = this.#lastValues;
    const known = this.#byValue[this.#lastCategories[0]!]!;
    let id = known.get(value);
    if (id !== undefined) return id;
    if (known.size >= mostCached) known.clear();
    const from = this.#lastCategories[0]!;
    const label = { name: this.#listed![0]!, value, category: from };
    id = this.series.push({ labels: from === category.none ? [] : [label] }) - 1;
    known.set(value, id);
    return id;
  }

  #find(row: Row): number {
    row.spellSample();
    let key = row.error === "" ? "" : `${row.error}\u0000${row.errorDetails}\u0000`;
    for (let i = 0; i < row.count; i++) {
      const from = row.categories[i]!;
      if (from === category.none || !this.#includes(row.names[i]!)) continue;
      key += from + row.names[i]! + "\u0000" + row.values[i]! + "\u0000";
    }
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    if (this.#byKey.size >= mostCached) this.#byKey.clear();
    const takesAll = row.error !== "" && !this.#groupsErrors;
    const id = this.#number(row.labels().filter(({ name }) => takesAll || this.#includes(name)));
    this.#byKey.set(key, id);
    return id;
  }

  #number(labels: RowLabel[]): number {
    labels.sort((a, b) => compareText(a.name, b.name));
    const canonical = JSON.stringify(labels.map(({ name, value, category }) => [name, value, category]));
    const known = this.#byLabels.get(canonical);
    if (known !== undefined) return known;
    this.#byLabels.set(canonical, this.series.length);
    return this.series.push({ labels }) - 1;
  }
}
