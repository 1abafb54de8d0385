interface WrittenKey<T> {
  /** The key as lines write it, with what belongs to it: `"level":` or `level=`. */
  readonly bytes: Uint8Array;
  readonly meaning: T;
  /** The key that came after it the last time. */
  next: WrittenKey<T> | undefined;
}

const mostKeys = 10_000;
const longestKey = 256;

/**
 * The keys of lines that look alike: after each mostly comes the one that came after it in the line before. A comparison
 * of bytes tells, and nobody has to look for the key's end and for what it means.
 */
export class WrittenKeys<T> {
  readonly #known = new Map<string, WrittenKey<T>>();
  #first: WrittenKey<T> | undefined;
  #last: WrittenKey<T> | undefined;
  /** How many bytes of the line the key took that `expected` found. */
  length = 0;

  /** The keys that follow are those of another line. */
  open(): void {
    this.#last = undefined;
  }

  /** What the key at `at` means, if it is the one that was expected there. */
  expected(bytes: Uint8Array, at: number, end: number): T | undefined {
    const key = this.#last === undefined ? this.#first : this.#last.next;
    if (key === undefined || key.bytes.length > end - at) return undefined;
    const { length } = key.bytes;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== key.bytes[i]) return undefined;
    this.#last = key;
    this.length = length;
    return key.meaning;
  }

  /** What a key met before means. It is expected at this place from now on. */
  known(text: string): T | undefined {
    const key = this.#known.get(text);
    if (key !== undefined) this.#expect(key);
    return key?.meaning;
  }

  /** Notes what a new key means, which the line writes in `bytes[start … end)`. */
  learn(text: string, meaning: T, bytes: Uint8Array, start: number, end: number): T {
    if (end - start > longestKey) return meaning;
    if (this.#known.size >= mostKeys) this.#known.clear();
    const key = { bytes: new Uint8Array(bytes.subarray(start, end)), meaning, next: undefined };
    this.#known.set(text, key);
    this.#expect(key);
    return meaning;
  }

  #expect(key: WrittenKey<T>): void {
    if (this.#last === undefined) this.#first = key;
    else this.#last.next = key;
    this.#last = key;
  }
}
