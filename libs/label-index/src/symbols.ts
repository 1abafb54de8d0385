import { corrupt } from "./sections.ts";

/** Distinct texts, numbered in the order of their UTF-8 bytes. Decoded when asked for. */
export class Symbols {
  readonly #bytes: Buffer;
  readonly #offsets: Uint32Array;
  readonly #known: (string | undefined)[] = [];

  /** Throws corrupt where the offsets do not fit the bytes. */
  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#offsets = offsets;
    checkAscending(offsets, bytes.length, "symbols");
    this.#known.length = this.count;
  }

  get count(): number {
    return this.#offsets.length - 1;
  }

  text(id: number): string {
    return (this.#known[id] ??= this.#bytes.toString("utf8", this.#offsets[id], this.#offsets[id + 1]));
  }

  /** Where `text` stands among some ascending symbol ids: its position, or the next one's as -1 - position. */
  search(text: string, ids: Uint32Array): number {
    const wanted = Buffer.from(text);
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const id = ids[middle]!;
      const order = this.#bytes.compare(wanted, 0, wanted.length, this.#offsets[id], this.#offsets[id + 1]);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return -1 - low;
  }
}

/** Offsets begin at 0, ascend, and end at `end`. */
export function checkAscending(offsets: Uint32Array, end: number, what: string): void {
  if (offsets.length === 0 || offsets[0] !== 0 || offsets.at(-1) !== end) throw corrupt(`${what}: offsets do not fit`);
  for (let at = 1; at < offsets.length; at++)
    if (offsets[at]! < offsets[at - 1]!) throw corrupt(`${what}: offsets descend`);
}

/** All numbers are below `limit`. */
export function checkBelow(numbers: Uint32Array, limit: number, what: string): void {
  for (let at = 0; at < numbers.length; at++)
    if (numbers[at]! >= limit) throw corrupt(`${what}: ${numbers[at]} is out of range`);
}
