import type { Labels } from "@ratatosk/model";
import type { Key } from "./key-table.ts";
import type { BlockView } from "./block-view.ts";

/** Where a label of a row comes from; `none` marks a deleted one. */
export const category = { none: 0, stream: 1, metadata: 2, parsed: 3 } as const;

/** One label of a finished row. */
export interface RowLabel {
  readonly name: string;
  readonly value: string;
  readonly category: number;
}

export const errorLabel = "__error__";
export const errorDetailsLabel = "__error_details__";
export const preserveErrorLabel = "__preserve_error__";

/**
 * The line on its way through the stages: its bytes, its labels and its error. One object serves all rows of a scan.
 *
 * Labels lie in slots: first those of the stream, then those of the structured metadata, then what parsers add.
 * A name has one slot; setting it again changes value and category, deleting it sets the category to `none`.
 */
export class Row {
  /** The buffer that holds the line, from `start` to `end`. */
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** Unix nanoseconds of the entry: `base` + `delta`. */
  base = 0n;
  delta = 0;
  error = "";
  errorDetails = "";
  /** The error does not make a metric query fail. */
  errorPreserved = false;
  /** Labels that this row got of those which the query needs from parsers. */
  extracted = 0;
  /** A parser found that a filter will drop the row. */
  dropped = false;
  /** The number of the label that only `unwrap` reads, which then has no text; undefined where that is to be read. */
  sample: number | undefined;
  #sampleSlot = 0;
  #sampleStart = 0;
  #sampleEnd = 0;
  /** False while the labels are those of the stream and the metadata, as stored. */
  changed = false;

  readonly names: string[] = [];
  readonly values: string[] = [];
  readonly categories: number[] = [];
  count = 0;
  #streamNames: string[] = [];
  #streamValues: string[] = [];
  #touched = true;

  /** The rows that follow belong to this stream. */
  openStream(labels: Labels): void {
    this.#streamNames = labels.map(([name]) => name);
    this.#streamValues = labels.map(([, value]) => value);
    this.#touched = true;
  }

  /** Loads a row of a block, with the labels of the stream and its metadata. */
  open(view: BlockView, row: number): void {
    this.bytes = view.bytes;
    this.start = view.offsets.length === 0 ? 0 : view.offsets[row]!;
    this.end = view.offsets.length === 0 ? 0 : view.offsets[row + 1]! - 1;
    this.base = view.base;
    this.delta = view.deltas[row]!;
    this.error = "";
    this.errorDetails = "";
    this.errorPreserved = false;
    this.extracted = 0;
    this.dropped = false;
    this.sample = undefined;
    this.#touched ||= this.changed;
    this.changed = false;
    this.#resetLabels(view, row);
  }

  /** The stream's labels are still in their slots unless a stage touched the labels of the row before. */
  #resetLabels(view: BlockView, row: number): void {
    const streamCount = this.#streamNames.length;
    if (this.#touched)
      for (let i = 0; i < streamCount; i++) {
        this.names[i] = this.#streamNames[i]!;
        this.values[i] = this.#streamValues[i]!;
        this.categories[i] = category.stream;
      }
    this.#touched = false;
    this.count = streamCount;
    for (const { name, index, values } of view.metadata) {
      const at = index[row]!;
      if (at === 0) continue;
      const collides = this.#streamNames.includes(name);
      this.#append(collides ? `${name}_extracted` : name, values[at - 1]!, category.metadata);
    }
  }

  #append(name: string, value: string, from: number): void {
    this.names[this.count] = name;
    this.values[this.count] = value;
    this.categories[this.count] = from;
    this.count++;
  }

  /** The slot of a name, also of a deleted one, or -1. */
  slot(name: string): number {
    for (let i = 0; i < this.count; i++) if (this.names[i] === name) return i;
    return -1;
  }

  /** The value of a label, or undefined. */
  get(name: string): string | undefined {
    const slot = this.slot(name);
    return slot === -1 || this.categories[slot] === category.none ? undefined : this.values[slot];
  }

  /** Sets a label as parsed, whatever it was before. */
  set(name: string, value: string): void {
    this.changed = true;
    const slot = this.slot(name);
    if (slot === -1) {
      this.#append(name, value, category.parsed);
      return;
    }
    if (slot === this.#sampleSlot) this.sample = undefined;
    this.values[slot] = value;
    this.categories[slot] = category.parsed;
  }

  /** Sets a label as parsed to a number, which stands at `bytes[start … end)` in ASCII. */
  setSample(name: string, number: number, start: number, end: number): void {
    this.set(name, "");
    this.sample = number;
    this.#sampleSlot = this.slot(name);
    this.#sampleStart = start;
    this.#sampleEnd = end;
  }

  /** Gives the label of the sample its text: somebody looks at all labels. */
  spellSample(): void {
    if (this.sample === undefined) return;
    this.sample = undefined;
    this.values[this.#sampleSlot] = this.bytes.toString("latin1", this.#sampleStart, this.#sampleEnd);
  }

  /** Deletes a label in every category. */
  delete(name: string): void {
    const slot = this.slot(name);
    if (slot !== -1) this.deleteSlot(slot);
  }

  deleteSlot(slot: number): void {
    this.changed = true;
    this.categories[slot] = category.none;
  }

  /**
   * The name under which a parser stores a key: with `_extracted` where the stream, as ingested, or the metadata has it.
   */
  parserName(key: Key): string {
    const slot = this.slot(key.name);
    if (slot === -1) return key.name;
    if (slot < this.#streamNames.length || this.categories[slot] === category.metadata) return key.extracted;
    return key.name;
  }

  /** True if a parser of this query has already set the name. */
  isParsed(name: string): boolean {
    const slot = this.slot(name);
    return slot !== -1 && this.categories[slot] === category.parsed;
  }

  /** Replaces the line. */
  setLine(bytes: Buffer): void {
    this.bytes = bytes;
    this.start = 0;
    this.end = bytes.length;
  }

  /** The bytes of the current line: a view. */
  line(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }

  /** The current line as text. */
  text(): string {
    return this.bytes.toString("utf8", this.start, this.end);
  }

  /** Records an error; a later one replaces it. */
  fail(error: string, details: string): void {
    this.spellSample();
    this.error = error;
    this.errorDetails = details;
  }

  /** The labels that the row has now, errors included, unsorted. */
  labels(): RowLabel[] {
    this.spellSample();
    const labels: RowLabel[] = [];
    for (let i = 0; i < this.count; i++) {
      if (this.categories[i] === category.none) continue;
      labels.push({ name: this.names[i]!, value: this.values[i]!, category: this.categories[i]! });
    }
    if (this.error !== "") labels.push({ name: errorLabel, value: this.error, category: category.parsed });
    if (this.errorDetails !== "")
      labels.push({ name: errorDetailsLabel, value: this.errorDetails, category: category.parsed });
    if (this.errorPreserved) labels.push({ name: preserveErrorLabel, value: "true", category: category.parsed });
    return labels;
  }
}
