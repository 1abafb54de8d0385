const mostKeptBytes = 16 * 2 ** 20;
/** A buffer that is so many times larger than asked for would be wasted. */
const mostTimes = 2;

/**
 * Buffers of heads that have been compressed, for the heads to come: so much fresh memory every second would keep the
 * garbage collector busy.
 */
export class LinesPool {
  #free: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  /** A buffer of at least so many bytes, with anything in it; undefined where there is none. */
  take(bytes: number): Uint8Array<ArrayBuffer> | undefined {
    const at = this.#free.findIndex(({ length }) => length >= bytes && length <= bytes * mostTimes);
    if (at === -1) return undefined;
    const [taken] = this.#free.splice(at, 1);
    this.#bytes -= taken!.length;
    return taken;
  }

  /** Takes a buffer that nobody reads any more. */
  give(buffer: ArrayBuffer): void {
    if (this.#bytes + buffer.byteLength > mostKeptBytes) return;
    this.#free.push(new Uint8Array(buffer));
    this.#bytes += buffer.byteLength;
  }
}
