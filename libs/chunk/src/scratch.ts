/** Where decoding puts columns. */
export interface Memory {
  bytes(length: number): Uint8Array<ArrayBuffer>;
  words(length: number): Uint32Array<ArrayBuffer>;
  floats(length: number): Float64Array<ArrayBuffer>;
}

/** Fresh memory for each column. */
export const freshMemory: Memory = {
  bytes: (length) => new Uint8Array(length),
  words: (length) => new Uint32Array(length),
  floats: (length) => new Float64Array(length),
};

const firstBytes = 2 ** 20;
const keptBytes = 16 * 2 ** 20;

/**
 * Memory that serves block after block: what it gave out is good until `reset`, and holds whatever was there before.
 * Fresh memory costs more than decompressing into it.
 */
export class Scratch implements Memory {
  #buffer = new ArrayBuffer(firstBytes);
  #used = 0;
  #wanted = 0;

  /** All that was given out may be overwritten from now on. */
  reset(): void {
    const { byteLength } = this.#buffer;
    if (this.#wanted > byteLength && byteLength < keptBytes)
      this.#buffer = new ArrayBuffer(Math.min(keptBytes, 2 * this.#wanted));
    this.#used = 0;
    this.#wanted = 0;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#take(length);
    return at === undefined ? new Uint8Array(length) : new Uint8Array(this.#buffer, at, length);
  }

  words(length: number): Uint32Array<ArrayBuffer> {
    const at = this.#take(4 * length);
    return at === undefined ? new Uint32Array(length) : new Uint32Array(this.#buffer, at, length);
  }

  floats(length: number): Float64Array<ArrayBuffer> {
    const at = this.#take(8 * length);
    return at === undefined ? new Float64Array(length) : new Float64Array(this.#buffer, at, length);
  }

  /** The place of so many bytes, undefined where there is no room. */
  #take(bytes: number): number | undefined {
    const size = Math.ceil(bytes / 8) * 8;
    this.#wanted += size;
    if (this.#used + size > this.#buffer.byteLength) return undefined;
    this.#used += size;
    return this.#used - size;
  }
}
