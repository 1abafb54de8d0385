/** A set of series numbers below a limit, a bit each. */
export class SeriesSet {
  readonly #bits: Uint32Array;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
    this.#bits = new Uint32Array(Math.ceil(limit / 32));
  }

  static all(limit: number): SeriesSet {
    return new SeriesSet(limit).invert();
  }

  /** Adds series given as ascending numbers. */
  addIds(ids: Uint32Array): void {
    for (let at = 0; at < ids.length; at++) this.#bits[ids[at]! >>> 5]! |= 1 << (ids[at]! & 31);
  }

  /** Adds series given as bits. */
  addBits(bits: Uint32Array): void {
    for (let at = 0; at < this.#bits.length; at++) this.#bits[at]! |= bits[at]!;
  }

  invert(): this {
    for (let at = 0; at < this.#bits.length; at++) this.#bits[at] = ~this.#bits[at]!;
    const beyond = this.#limit & 31;
    if (beyond !== 0) this.#bits[this.#bits.length - 1]! &= (1 << beyond) - 1;
    return this;
  }

  /** Keeps only what the other has too. */
  intersect(other: SeriesSet): void {
    for (let at = 0; at < this.#bits.length; at++) this.#bits[at]! &= other.#bits[at]!;
  }

  /** The numbers, ascending. */
  *ids(): Generator<number> {
    for (let at = 0; at < this.#bits.length; at++)
      for (let word = this.#bits[at]!; word !== 0; word &= word - 1) yield at * 32 + 31 - Math.clz32(word & -word);
  }
}
