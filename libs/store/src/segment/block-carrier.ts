import type { Block } from "@ratatosk/model";

const unit = 64 * 1024;
const mostKept = 8;
const largestKept = 4 * 2 ** 20;

/** Buffers in which copies of blocks travel to other threads and come back empty. */
export class BlockCarriers {
  #free: ArrayBuffer[] = [];

  /** A copy of the block; all its columns lie in `buffer`. */
  load(block: Block): { readonly block: Block; readonly buffer: ArrayBuffer } {
    const { count, lines, deltas, offsets, metadata } = block;
    const bytes = 8 * count + 4 * (count + 1) + 4 * count * metadata.length + lines.length;
    const buffer = this.#take(bytes);
    let at = 0;
    const placed = <T extends Float64Array | Uint32Array | Uint8Array>(to: T, from: T): T => {
      to.set(from);
      at += to.byteLength;
      return to;
    };
    const words = (from: Uint32Array): Uint32Array => placed(new Uint32Array(buffer, at, from.length), from);
    const copy = {
      count,
      base: block.base,
      deltas: placed(new Float64Array(buffer, at, count), deltas),
      offsets: words(offsets),
      metadata: metadata.map(({ name, values, index }) => ({ name, values, index: words(index) })),
      lines: placed(new Uint8Array(buffer, at, lines.length), lines),
    };
    return { block: copy, buffer };
  }

  /** A buffer that has come back. */
  giveBack(buffer: ArrayBuffer): void {
    if (this.#free.length < mostKept && buffer.byteLength <= largestKept) this.#free.push(buffer);
  }

  #take(bytes: number): ArrayBuffer {
    const fitting = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
    if (fitting !== -1) return this.#free.splice(fitting, 1)[0]!;
    // In place of one that is too small.
    this.#free.pop();
    return new ArrayBuffer(Math.ceil(bytes / unit) * unit);
  }
}
