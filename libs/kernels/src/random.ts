/** Random inputs for tests, the same for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 0x9e3779b1;
  }

  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(limit, 1);
  }

  /** Bytes with repeats near and far, of few kinds or many. */
  text(size: number, kinds = 1 + this.below(256)): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size;) {
      const length = Math.min(1 + this.below(this.below(8) === 0 ? 300 : 20), size - at);
      const back = 1 + this.below(this.below(4) === 0 ? at : Math.min(at, 40));
      const repeats = at > back && this.below(2) === 0;
      for (let end = at + length; at < end; at++) bytes[at] = repeats ? bytes[at - back]! : this.#byte(kinds);
    }
    return bytes;
  }

  /** Cuts, flips, repeats or makes up some of the bytes. */
  damage(bytes: Uint8Array): Uint8Array {
    const damaged = bytes.slice(0, this.below(3) === 0 ? this.below(bytes.length + 1) : bytes.length);
    for (let i = this.below(4); i > 0 && damaged.length > 0; i--)
      damaged[this.below(damaged.length)] = this.below(3) === 0 ? 0xff : this.below(256);
    return damaged;
  }

  /** Divides the bytes into rows, each of which ends in a `\n` that is written there. */
  offsets(lines: Uint8Array): Uint32Array {
    const offsets = [0];
    for (let at = 0; at < lines.length;) {
      at = Math.min(at + 1 + this.below(this.below(10) === 0 ? 400 : 30), lines.length);
      lines[at - 1] = 0x0a;
      offsets.push(at);
    }
    return Uint32Array.from(offsets);
  }

  #byte(kinds: number): number {
    return "aA\nbé@`eE0".charCodeAt(this.below(10)) * (kinds < 200 ? 1 : 0) + this.below(kinds < 200 ? kinds : 256);
  }
}
