/** Matches end at least this many bytes before the end, as LZ4 demands. */
const tailBytes = 5;
/** And start at least this many before it. */
const startMargin = 12;
const hashBits = 14;
const maxOffset = 0xffff;

/** Finds repeats of at least four bytes within the last 64 KiB, greedily, faster where there are few. */
export class MatchFinder {
  /** Where the match that was found starts, how far back it lies, and its bytes. */
  start = 0;
  offset = 0;
  length = 0;
  readonly #input: Uint8Array;
  readonly #view: DataView;
  /** By the hash of four bytes: 1 + where they were last seen. */
  readonly #seen = new Uint32Array(1 << hashBits);

  constructor(input: Uint8Array) {
    this.#input = input;
    this.#view = new DataView(input.buffer, input.byteOffset, input.length);
  }

  /** The next match that starts at `anchor` or later; false where there is none. */
  next(anchor: number): boolean {
    const limit = this.#input.length - startMargin;
    let probes = 32;
    for (let at = anchor; at < limit; at += probes++ >>> 5) {
      const four = this.#four(at);
      const candidate = this.#see(four, at) - 1;
      if (candidate < 0 || at - candidate > maxOffset || this.#four(candidate) !== four) continue;
      this.#extend(anchor, at, candidate);
      return true;
    }
    return false;
  }

  #extend(anchor: number, at: number, candidate: number): void {
    const input = this.#input;
    const limit = input.length - tailBytes;
    let end = at + 4;
    for (let behind = candidate + 4; end < limit && input[end] === input[behind]; behind++) end++;
    while (at > anchor && candidate > 0 && input[at - 1] === input[candidate - 1]) {
      at--;
      candidate--;
    }
    this.start = at;
    this.offset = at - candidate;
    this.length = end - at;
    this.#see(this.#four(end - 2), end - 2);
  }

  #four(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** Remembers the place of four bytes and returns the one before it. */
  #see(four: number, at: number): number {
    const hash = Math.imul(four, 0x9e3779b1) >>> (32 - hashBits);
    const before = this.#seen[hash]!;
    this.#seen[hash] = at + 1;
    return before;
  }
}
