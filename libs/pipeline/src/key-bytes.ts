/** A few keys that are looked for in every line: they are compared as bytes, and no string is made of the others. */
export class KeyBytes {
  readonly #keys: readonly Buffer[];

  constructor(keys: readonly string[]) {
    this.#keys = keys.map((key) => Buffer.from(key));
  }

  /** Which key stands at `bytes[start … end)`, or -1. Keys that are written otherwise (escapes) are not recognised. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    for (let i = 0; i < this.#keys.length; i++) {
      const key = this.#keys[i]!;
      if (key.length === length && isAt(bytes, start, key)) return i;
    }
    return -1;
  }
}

/** Whether the bytes are ASCII without a backslash: what they stand for is what they are. */
export function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! >= 0x80 || bytes[at] === 0x5c) return false;
  return true;
}

function isAt(bytes: Uint8Array, start: number, key: Uint8Array): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return false;
  return true;
}
