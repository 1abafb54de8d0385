import { normalName } from "@ratatosk/http";
import { compareText, type MetadataColumn } from "@ratatosk/model";
import { levelOfSeverityNumber, normalLevel } from "./levels/level.ts";

const detectedLevel = "detected_level";
/** Cells that a block may have, beyond sixteen for each pair that it holds. */
const spareCells = 65_536;
const cellsPerPair = 16;
const maxKnownNames = 10_000;

/**
 * Structured metadata of the rows of one block, as it is built: a column for each name, in it the distinct values and
 * for each row which it has. A name or value seen in the row before costs a comparison of bytes, no string.
 */
export class MetadataColumns {
  readonly #levelRanks: ReadonlyMap<string, number>;
  /** Normal names of names as sent. */
  readonly #knownNames = new Map<string, string>();
  #bytes: Buffer = Buffer.alloc(0);
  #columns = new Map<string, Column>();
  /** The column of the n-th pair of the row before, the likely one for the n-th pair of this row. */
  #likely: (Column | undefined)[] = [];
  #pairs = 0;
  #rows = 0;
  /** The best level field of the row: rank (-1 for detected_level itself) and value. */
  #levelRank = Number.POSITIVE_INFINITY;
  #level = "";
  #severityNumber = "";

  /** `levelFields` are the names whose values are levels, the preferred first. */
  constructor(levelFields: readonly string[]) {
    this.#levelRanks = new Map([...levelFields.map((name, rank) => [name, rank] as const), [detectedLevel, -1]]);
  }

  /** Starts on the pairs of another push. */
  reset(bytes: Uint8Array): void {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#startBlock();
  }

  /** Whether one more row may make the columns too sparse: then a block should end. */
  get sparse(): boolean {
    return this.#columns.size * this.#rows > spareCells + cellsPerPair * this.#pairs;
  }

  /** Starts a row. */
  startRow(): void {
    this.#levelRank = Number.POSITIVE_INFINITY;
    this.#severityNumber = "";
    this.#rows++;
  }

  /**
   * Sets the n-th pair of the row just started, told by offsets. A name given twice keeps the last value; an empty
   * value counts for nothing. Throws bad_request where nothing is left of the name.
   */
  set(n: number, nameAt: number, nameEnd: number, valueAt: number, valueEnd: number): void {
    let column = this.#likely[n];
    if (column === undefined || !this.#same(nameAt, nameEnd, column.nameAt, column.nameEnd)) {
      column = this.#column(this.#normalName(nameAt, nameEnd));
      column.nameAt = nameAt;
      column.nameEnd = nameEnd;
      this.#likely[n] = column;
    }
    if (valueAt === valueEnd) return;
    if (column.valueAt === column.valueEnd || !this.#same(valueAt, valueEnd, column.valueAt, column.valueEnd)) {
      column.last = column.idOf(this.#value(column, valueAt, valueEnd));
      column.valueAt = valueAt;
      column.valueEnd = valueEnd;
    }
    column.put(this.#rows - 1, column.last);
    this.#pairs++;
    if (column.levelRank < this.#levelRank) {
      this.#levelRank = column.levelRank;
      this.#level = column.values[column.last - 1]!;
    }
    if (column.name === "severity_number") this.#severityNumber = column.values[column.last - 1]!;
  }

  /** Sets a name of the row to a text. */
  setText(name: string, value: string): void {
    if (value === "") return;
    const column = this.#column(name);
    const id = column.idOf(value);
    column.put(this.#rows - 1, id);
    this.#pairs++;
  }

  /** The value that the row has for a name, undefined where it has none. */
  value(name: string): string | undefined {
    const column = this.#columns.get(name);
    const id = column?.index[this.#rows - 1] ?? 0;
    return id === 0 || column === undefined || column.rows < this.#rows ? undefined : column.values[id - 1];
  }

  /** Whether the row came with a detected_level. */
  get hasDetectedLevel(): boolean {
    return this.#levelRank === -1;
  }

  /** The level that the row's metadata tell, undefined where they tell none. */
  get level(): string | undefined {
    if (this.#levelRank !== Number.POSITIVE_INFINITY) return normalLevel(this.#level);
    return this.#severityNumber === "" ? undefined : levelOfSeverityNumber(this.#severityNumber);
  }

  /** The columns of the rows so far, and starts on a new block. */
  finish(): MetadataColumn[] {
    const columns = [...this.#columns.values()]
      .filter(({ rows }) => rows > 0)
      .sort((a, b) => compareText(a.name, b.name))
      .map((column) => column.finish(this.#rows));
    this.#startBlock();
    return columns;
  }

  #startBlock(): void {
    if (this.#columns.size > 0) this.#columns = new Map();
    this.#likely = [];
    this.#pairs = 0;
    this.#rows = 0;
  }

  #column(name: string): Column {
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = new Column(name, this.#levelRanks.get(name) ?? Number.POSITIVE_INFINITY);
      this.#columns.set(name, column);
    }
    return column;
  }

  #normalName(at: number, end: number): string {
    const name = this.#bytes.toString("utf8", at, end);
    const known = this.#knownNames.get(name);
    if (known !== undefined) return known;
    if (this.#knownNames.size === maxKnownNames) this.#knownNames.clear();
    const normal = normalName(name);
    this.#knownNames.set(name, normal);
    return normal;
  }

  #value(column: Column, at: number, end: number): string {
    const text = this.#bytes.toString("utf8", at, end);
    const valid = text.includes("\ufffd") ? text.replaceAll("\ufffd", " ") : text;
    return column.levelRank === -1 ? normalLevel(valid) : valid;
  }

  #same(at: number, end: number, otherAt: number, otherEnd: number): boolean {
    const length = end - at;
    if (length !== otherEnd - otherAt) return false;
    if (at === otherAt) return true;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== bytes[otherAt + i]) return false;
    return true;
  }
}

/** One column under construction. */
class Column {
  readonly name: string;
  readonly levelRank: number;
  readonly values: string[] = [];
  readonly #ids = new Map<string, number>();
  index = new Uint32Array(16);
  /** One more than the last row that has the name. */
  rows = 0;
  /** Where name and value that came last lie, and the value's id. */
  nameAt = 0;
  nameEnd = 0;
  valueAt = 0;
  valueEnd = 0;
  last = 0;

  constructor(name: string, levelRank: number) {
    this.name = name;
    this.levelRank = levelRank;
  }

  idOf(value: string): number {
    const known = this.#ids.get(value);
    if (known !== undefined) return known;
    const id = this.values.push(value);
    this.#ids.set(value, id);
    return id;
  }

  put(row: number, id: number): void {
    if (row >= this.index.length) this.#grow(row + 1);
    this.index[row] = id;
    this.rows = row + 1;
  }

  finish(rows: number): MetadataColumn {
    if (rows > this.index.length) this.#grow(rows);
    return { name: this.name, values: this.values, index: this.index.subarray(0, rows) };
  }

  #grow(rows: number): void {
    const larger = new Uint32Array(Math.max(rows, 2 * this.index.length));
    larger.set(this.index.subarray(0, this.rows));
    this.index = larger;
  }
}
