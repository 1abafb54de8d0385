import type { Labels } from "@ratatosk/model";
import { withRoom } from "../scan/growing.ts";
import type { PackedLabels } from "../scan/packed-labels.ts";

/** The first eight bits of a hash. */
const partShift = 24;

/**
 * Numbers label sets in the order in which they come, and holds them as bytes: there may be hundreds of thousands, which as
 * objects would keep the garbage collector busy. Categories do not count.
 */
export class SeriesNumbers {
  /** How many there are. */
  length = 0;
  readonly #names = new Map<string, number>();
  readonly #nameOf: string[] = [];
  #labelEnds = new Uint32Array(16);
  #labels = new Uint32Array(16);
  #valueEnds = new Uint32Array(16);
  #text = new Uint8Array(256);
  #hashes = new Uint32Array(16);
  /**
   * By the first bits of a hash, number + 1 of the series whose last bits lead here; 0 where there is none. Parts are powers
   * of two, at most half full, and grow one by one: all at once would take too long.
   */
  readonly #parts = Array.from({ length: 256 }, () => new Int32Array(4));
  readonly #sizes = new Uint32Array(256);

  /** What it holds in memory. */
  get bytes(): number {
    const perSeries = this.#labelEnds.byteLength + this.#hashes.byteLength + 8 * this.#hashes.length;
    return perSeries + this.#labels.byteLength + this.#valueEnds.byteLength + this.#text.length;
  }

  /** The numbers of names, by their positions. */
  namesOf({ names }: PackedLabels): Uint32Array {
    return Uint32Array.from(names, (name) => {
      let number = this.#names.get(name);
      if (number === undefined) this.#names.set(name, (number = this.#nameOf.push(name) - 1));
      return number;
    });
  }

  /** The number of a series among others; `names` is what `namesOf` says of these. */
  of(packed: PackedLabels, series: number, names: Uint32Array): number {
    const first = series === 0 ? 0 : packed.labelEnds[series - 1]!;
    const end = packed.labelEnds[series]!;
    const hash = hashOf(packed, first, end, names);
    const part = hash >>> partShift;
    const slots = this.#parts[part]!;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let known = slots[slot]!; known !== 0; known = slots[(slot = (slot + 1) & mask)]!)
      if (this.#hashes[known - 1] === hash && this.#is(known - 1, packed, first, end, names)) return known - 1;
    slots[slot] = this.length + 1;
    this.#append(packed, first, end, names, hash);
    if (2 * ++this.#sizes[part]! > slots.length) this.#spread(part);
    return this.length - 1;
  }

  /** The labels of a number. */
  labels(number: number): Labels {
    const text = Buffer.from(this.#text.buffer);
    const labels: [string, string][] = [];
    for (let n = startOf(this.#labelEnds, number); n < this.#labelEnds[number]!; n++)
      labels.push([
        this.#nameOf[this.#labels[n]!]!,
        text.toString("utf8", startOf(this.#valueEnds, n), this.#valueEnds[n]),
      ]);
    return labels;
  }

  #is(
    number: number,
    { labels, valueEnds, text }: PackedLabels,
    first: number,
    end: number,
    names: Uint32Array,
  ): boolean {
    const own = startOf(this.#labelEnds, number);
    if (this.#labelEnds[number]! - own !== end - first) return false;
    for (let n = first, o = own; n < end; n++, o++) {
      if (this.#labels[o] !== names[labels[n]! >>> 2]) return false;
      const from = startOf(valueEnds, n);
      const ownFrom = startOf(this.#valueEnds, o);
      const length = valueEnds[n]! - from;
      if (this.#valueEnds[o]! - ownFrom !== length) return false;
      for (let i = 0; i < length; i++) if (this.#text[ownFrom + i] !== text[from + i]) return false;
    }
    return true;
  }

  #append(
    { labels, valueEnds, text }: PackedLabels,
    first: number,
    end: number,
    names: Uint32Array,
    hash: number,
  ): void {
    const series = this.length++;
    let label = startOf(this.#labelEnds, series);
    let at = startOf(this.#valueEnds, label);
    this.#labelEnds = withRoom(this.#labelEnds, series + 1);
    this.#hashes = withRoom(this.#hashes, series + 1);
    this.#labels = withRoom(this.#labels, label + end - first);
    this.#valueEnds = withRoom(this.#valueEnds, label + end - first);
    const [from, to] = [startOf(valueEnds, first), startOf(valueEnds, end)];
    this.#text = withRoom(this.#text, at + to - from);
    for (let i = from; i < to; i++) this.#text[at + i - from] = text[i]!;
    for (let n = first; n < end; n++) {
      this.#labels[label] = names[labels[n]! >>> 2]!;
      this.#valueEnds[label++] = at += valueEnds[n]! - startOf(valueEnds, n);
    }
    this.#labelEnds[series] = label;
    this.#hashes[series] = hash;
  }

  #spread(part: number): void {
    const old = this.#parts[part]!;
    const slots = (this.#parts[part] = new Int32Array(2 * old.length));
    const mask = slots.length - 1;
    for (const known of old) {
      if (known === 0) continue;
      let slot = this.#hashes[known - 1]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = known;
    }
  }
}

const startOf = (ends: Uint32Array, number: number): number => (number === 0 ? 0 : ends[number - 1]!);

function hashOf({ labels, valueEnds, text }: PackedLabels, first: number, end: number, names: Uint32Array): number {
  let hash = 0x811c9dc5;
  for (let n = first, at = startOf(valueEnds, first); n < end; n++) {
    hash = Math.imul(hash ^ names[labels[n]! >>> 2]!, 0x01000193);
    for (; at < valueEnds[n]!; at++) hash = Math.imul(hash ^ text[at]!, 0x01000193);
    hash = Math.imul(hash ^ 0x100, 0x01000193);
  }
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}
