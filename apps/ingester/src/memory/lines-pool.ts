import type { Block } from "@ratatosk/model";

const mostKeptBytes = 16 * 2 ** 20;
/** A buffer that is so many times larger than asked for would be wasted. */
const mostTimes = 2;

/**
 * Memory of heads that have been compressed, for the heads to come: so much fresh memory every second would keep the
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

  /** Takes the memory of a block that nobody reads any more: keeps that of the lines, frees the rest. */
  give({ lines, deltas, offsets, metadata }: Block): void {
    const buffer = lines.buffer as ArrayBuffer;
    if (this.#bytes + buffer.byteLength > mostKeptBytes) free(lines);
    else {
      this.#free.push(new Uint8Array(buffer));
      this.#bytes += buffer.byteLength;
    }
    for (const column of [deltas, offsets, ...metadata.map(({ index }) => index)]) free(column);
  }
}

/** Gives memory back at once: the garbage collector would come for it late, and be called more often. */
function free({ buffer }: Uint8Array | Uint32Array | Float64Array): void {
  (buffer as ArrayBuffer).transfer(0);
}
