import type { Block, Extent, MetadataColumn } from "@ratatosk/model";

/** A column of metadata that grows. `values` and what `index` holds are never changed, only added to. */
interface Growing {
  readonly name: string;
  readonly values: string[];
  readonly positions: Map<string, number>;
  index: Uint32Array<ArrayBuffer>;
}

/** How much a block is expected to hold. */
export interface ExpectedSize {
  readonly rows: number;
  readonly bytes: number;
}

/** What a distinct metadata value costs beside its characters: an entry of an array and of a map. */
const valueOverhead = 80;

/**
 * A block that grows. What was appended is never changed, so a view of it stays good while
 * more is appended.
 */
export class BlockBuilder {
  readonly #base: bigint;
  #count = 0;
  #size = 0;
  #valueBytes = 0;
  #lines: Uint8Array<ArrayBuffer>;
  #offsets: Uint32Array<ArrayBuffer>;
  #deltas: Float64Array<ArrayBuffer>;
  readonly #metadata = new Map<string, Growing>();
  #min = Infinity;
  #max = -Infinity;

  /**
   * Times are counted from `base`; those appended lie less than 104 days from it. Room is made for as much as is
   * expected; the system gives memory only for what is written to. The lines go into `lines` where that is given.
   */
  constructor(
    base: bigint,
    expected: ExpectedSize = { rows: 8, bytes: 256 },
    lines: Uint8Array<ArrayBuffer> = new Uint8Array(expected.bytes),
  ) {
    this.#base = base;
    this.#lines = lines;
    this.#deltas = new Float64Array(expected.rows);
    this.#offsets = new Uint32Array(expected.rows + 1);
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of the lines. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of memory written to. */
  get memory(): number {
    return this.#size + this.#count * (12 + 4 * this.#metadata.size) + this.#valueBytes;
  }

  get extent(): Extent {
    return {
      minTime: this.#base + BigInt(this.#min),
      maxTime: this.#base + BigInt(this.#max),
      entries: this.#count,
      bytes: this.#size - this.#count,
    };
  }

  /** Appends the rows from `from` to before `to`. */
  append(block: Block, from: number, to: number): void {
    const bytes = block.lines.subarray(block.offsets[from], block.offsets[to]);
    this.#reserve(this.#count + to - from, this.#size + bytes.length);
    this.#lines.set(bytes, this.#size);
    this.#appendOffsets(block, from, to);
    this.#appendTimes(block, from, to);
    for (const column of block.metadata) this.#appendMetadata(column, from, to);
    this.#count += to - from;
    this.#size += bytes.length;
  }

  /** A view of what was appended so far, rows as they came. */
  view(): Block {
    return {
      count: this.#count,
      base: this.#base,
      deltas: this.#deltas.subarray(0, this.#count),
      lines: this.#lines.subarray(0, this.#size),
      offsets: this.#offsets.subarray(0, this.#count + 1),
      metadata: this.#metadataView(),
    };
  }

  #metadataView(): MetadataColumn[] {
    return [...this.#metadata.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, values, index }) => ({ name, values, index: index.subarray(0, this.#count) }));
  }

  #appendOffsets({ offsets }: Block, from: number, to: number): void {
    const shift = this.#size - offsets[from]!;
    const target = this.#offsets;
    const at = this.#count - from;
    for (let row = from + 1; row <= to; row++) target[at + row] = offsets[row]! + shift;
  }

  #appendTimes({ base, deltas }: Block, from: number, to: number): void {
    const shift = Number(base - this.#base);
    const target = this.#deltas;
    const at = this.#count - from;
    for (let row = from; row < to; row++) {
      const delta = deltas[row]! + shift;
      target[at + row] = delta;
      if (delta < this.#min) this.#min = delta;
      if (delta > this.#max) this.#max = delta;
    }
  }

  #appendMetadata({ name, values, index }: MetadataColumn, from: number, to: number): void {
    const column = this.#column(name);
    const translated = new Uint32Array(values.length + 1);
    const at = this.#count - from;
    for (let row = from; row < to; row++) {
      const position = index[row]!;
      if (position === 0) continue;
      column.index[at + row] = translated[position] ||= this.#positionOf(column, values[position - 1]!);
    }
  }

  #positionOf({ values, positions }: Growing, value: string): number {
    const known = positions.get(value);
    if (known !== undefined) return known;
    this.#valueBytes += valueOverhead + value.length;
    positions.set(value, values.push(value));
    return values.length;
  }

  #column(name: string): Growing {
    let column = this.#metadata.get(name);
    if (column === undefined) {
      column = { name, values: [], positions: new Map(), index: new Uint32Array(this.#deltas.length) };
      this.#metadata.set(name, column);
    }
    return column;
  }

  #reserve(rows: number, bytes: number): void {
    if (bytes > this.#lines.length) this.#lines = grown(this.#lines, bytes);
    if (rows <= this.#deltas.length) return;
    this.#deltas = grown(this.#deltas, rows);
    this.#offsets = grown(this.#offsets, this.#deltas.length + 1);
    for (const column of this.#metadata.values()) column.index = grown(column.index, this.#deltas.length);
  }
}

function grown<T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  array: T,
  needed: number,
): T {
  const Larger = array.constructor as new (length: number) => T;
  const larger = new Larger(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}
