import type { Key } from "../key-table.ts";
import { errorLabel, type Row } from "../row.ts";
import type { ParserHints, Stage } from "./stage.ts";

/** Where a parser puts what it finds: collisions, first occurrence, wanted labels, and when it may stop. */
export class ParsedLabels {
  readonly #wantedCount: number;
  readonly #preservesErrors: boolean;
  readonly #sample: ParserHints["sample"];
  readonly #early: ReadonlyMap<string, Stage> | undefined;

  constructor({ wanted, early, sample }: ParserHints) {
    this.#sample = sample;
    this.#early = early?.size ? early : undefined;
    this.#wantedCount = wanted?.size ?? Infinity;
    this.#preservesErrors = wanted?.has(errorLabel) ?? false;
  }

  /** The label that `key` becomes in this row, or undefined where nobody wants it or it is already parsed. */
  accept(row: Row, key: Key): string | undefined {
    if (key.name === "" || !(key.wanted || key.extractedWanted)) return undefined;
    const name = row.parserName(key);
    if (!(name === key.name ? key.wanted : key.extractedWanted)) return undefined;
    return row.isParsed(name) ? undefined : name;
  }

  /** Stores a value under a label that `accept` gave; true once the row has all that is wanted, or is dropped. */
  store(row: Row, name: string, value: string): boolean {
    row.set(name, value);
    row.extracted++;
    if (this.#early?.get(name)?.(row) === false) row.dropped = true;
    return row.dropped || row.extracted >= this.#wantedCount;
  }

  /** Stores the number at `bytes[start … end)`, if that is all that is asked of the label; false if not. */
  storeSample(row: Row, name: string, start: number, end: number): boolean {
    if (name !== this.#sample?.name) return false;
    const number = this.#sample.read(row.bytes, start, end);
    if (Number.isNaN(number)) return false;
    row.setSample(name, number, start, end);
    row.extracted++;
    return true;
  }

  /** True once the row has all that is wanted. */
  hasAll(row: Row): boolean {
    return row.extracted >= this.#wantedCount;
  }

  fail(row: Row, error: string, details: string): void {
    row.fail(error, details);
    if (this.#preservesErrors) row.errorPreserved = true;
  }
}
