import type { Marks } from "./windows.ts";

/** Marks as a list of the hashes. */
export class MarkList implements Marks {
  readonly of: number;
  readonly #isMarked: Uint8Array;
  readonly #hashes: number[] = [];

  constructor(of: number) {
    this.of = of;
    this.#isMarked = new Uint8Array(of);
  }

  get count(): number {
    return this.#hashes.length;
  }

  add(hash: number): void {
    if (this.#isMarked[hash] === 1) return;
    this.#isMarked[hash] = 1;
    this.#hashes.push(hash);
  }

  fold(bits: number): Uint8Array<ArrayBuffer> {
    const map = new Uint8Array(bits / 8);
    for (const hash of this.#hashes) {
      const bit = Math.floor((hash * bits) / this.of);
      map[bit >>> 3]! |= 1 << (bit & 7);
    }
    return map;
  }

  clear(): void {
    for (const hash of this.#hashes) this.#isMarked[hash] = 0;
    this.#hashes.length = 0;
  }
}
