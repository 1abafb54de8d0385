const mostKeptBytes = 16 * 2 ** 20;
const firstBytes = 2 ** 20;

/** Bytes of a batch that several ingesters may be sent. */
export interface LentBytes {
  readonly bytes: Uint8Array;
  /** To be called once for each use, when nobody reads the bytes for it any more. */
  done(): void;
}

/** Memory for encoded batches, used again: fresh memory for each would keep the garbage collector busy. */
export class BatchBuffers {
  #free: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  /** Bytes that `encode` writes, into the memory it is given as far as they fit. They are for `uses` readers. */
  lend(uses: number, encode: (memory: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): LentBytes {
    const bytes = encode(this.#take());
    let left = uses;
    return { bytes, done: () => void (--left === 0 && this.#give(bytes.buffer)) };
  }

  #take(): Uint8Array<ArrayBuffer> {
    const memory = this.#free.pop();
    this.#bytes -= memory?.length ?? 0;
    return memory ?? new Uint8Array(firstBytes);
  }

  #give(buffer: ArrayBuffer): void {
    if (this.#bytes + buffer.byteLength > mostKeptBytes) return;
    this.#free.push(new Uint8Array(buffer));
    this.#bytes += buffer.byteLength;
  }
}
