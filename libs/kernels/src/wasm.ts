import { lz4MaxBytes } from "./js/lz4-compress.ts";
import { snappyMaxBytes } from "./js/snappy-compress.ts";
import type { Kernels } from "./kernels.ts";
import type { Needle } from "./needle.ts";
import { WasmMemory } from "./wasm-memory.ts";

/** Lines are searched in pieces of about this size, which stay in the processor's cache. */
const searchSliceBytes = 512 * 1024;
const markSliceBytes = 2 * 2 ** 20;
const newlineSliceBytes = 64 * 1024;

/** The compiled kernels; undefined where the engine has no WebAssembly with SIMD. */
export function webAssembly(): Kernels | undefined {
  try {
    return new WasmKernels(new WasmMemory());
  } catch {
    return undefined;
  }
}

class WasmKernels implements Kernels {
  readonly #memory: WasmMemory;

  constructor(memory: WasmMemory) {
    this.#memory = memory;
  }

  snappyUncompress(input: Uint8Array, bodyAt: number, rawBytes: number): Uint8Array | undefined {
    const wasm = this.#memory.begin();
    const body = this.#memory.place(input.subarray(bodyAt));
    const out = this.#memory.room(rawBytes);
    const whole = wasm.snappyUncompress(body, input.length - bodyAt, out, rawBytes);
    return whole === 1 ? this.#memory.view(out, rawBytes) : undefined;
  }

  snappyCompress(input: Uint8Array): Uint8Array<ArrayBuffer> {
    const wasm = this.#memory.begin();
    const raw = this.#memory.place(input);
    const out = this.#memory.room(snappyMaxBytes(input.length));
    return this.#memory.view(out, wasm.snappyCompress(raw, input.length, out)).slice();
  }

  lz4Uncompress(input: Uint8Array, rawBytes: number): Uint8Array<ArrayBuffer> | undefined {
    const wasm = this.#memory.begin();
    const block = this.#memory.place(input);
    const out = this.#memory.room(rawBytes);
    const whole = wasm.lz4Uncompress(block, input.length, out, rawBytes);
    return whole === 1 ? this.#memory.view(out, rawBytes).slice() : undefined;
  }

  lz4Compress(input: Uint8Array): Uint8Array<ArrayBuffer> {
    const wasm = this.#memory.begin();
    const raw = this.#memory.place(input);
    const out = this.#memory.room(lz4MaxBytes(input.length));
    return this.#memory.view(out, wasm.lz4Compress(raw, input.length, out)).slice();
  }

  searchRows(lines: Uint8Array, offsets: Uint32Array, needle: Needle, out: Uint32Array | undefined): number {
    let found = 0;
    for (let row = 0; row + 1 < offsets.length;) {
      const end = sliceEnd(offsets, row, searchSliceBytes);
      found += this.#searchSlice(lines, offsets.subarray(row, end + 1), row, needle, out?.subarray(found));
      row = end;
    }
    return found;
  }

  newlines(bytes: Uint8Array, out: Uint32Array): number {
    let found = 0;
    for (let at = 0; at < bytes.length && found < out.length; at += newlineSliceBytes) {
      const slice = bytes.subarray(at, at + newlineSliceBytes);
      const wasm = this.#memory.begin();
      const address = this.#memory.place(slice);
      const places = this.#memory.room(slice.length * 4);
      const count = Math.min(wasm.newlines(address, slice.length, at, places), out.length - found);
      out.set(this.#memory.words(places, count), found);
      found += count;
    }
    return found;
  }

  markWindows(lines: Uint8Array, offsets: Uint32Array, words: Uint8Array, groups: Uint8Array): void {
    for (let row = 0; row + 1 < offsets.length;) {
      const end = sliceEnd(offsets, row, markSliceBytes);
      const wasm = this.#memory.begin();
      const marked = [this.#memory.place(words), this.#memory.place(groups)] as const;
      const text = this.#memory.place(lines.subarray(offsets[row], offsets[end]));
      wasm.markWindows(text, this.#memory.placeWords(offsets.subarray(row, end + 1)), end - row, ...marked);
      words.set(this.#memory.view(marked[0], words.length));
      groups.set(this.#memory.view(marked[1], groups.length));
      row = end;
    }
  }

  countMarks(marks: Uint8Array): number {
    const wasm = this.#memory.begin();
    return wasm.countMarks(this.#memory.place(marks), marks.length);
  }

  foldMarks(marks: Uint8Array, bits: number): Uint8Array<ArrayBuffer> {
    const wasm = this.#memory.begin();
    const placed = this.#memory.place(marks);
    const out = this.#memory.place(new Uint8Array(bits / 8));
    wasm.foldMarks(placed, Math.log2(marks.length), bits, out);
    return this.#memory.view(out, bits / 8).slice();
  }

  #searchSlice(
    lines: Uint8Array,
    offsets: Uint32Array,
    firstRow: number,
    { bytes, rare, ignoreCase }: Needle,
    out: Uint32Array | undefined,
  ): number {
    const rows = offsets.length - 1;
    const wasm = this.#memory.begin();
    const text = this.#memory.place(lines.subarray(offsets[0], offsets[rows]));
    const starts = this.#memory.placeWords(offsets);
    const needle = this.#memory.place(bytes);
    const hits = out === undefined ? 0 : this.#memory.room(rows * 4);
    const found = wasm.searchRows(
      text,
      starts,
      rows,
      firstRow,
      needle,
      bytes.length,
      rare[0],
      rare[1],
      Number(ignoreCase),
      hits,
    );
    out?.set(this.#memory.words(hits, found));
    return found;
  }
}

/** The row before which a slice ends that begins with `first`: at least one row, whole rows only. */
function sliceEnd(offsets: Uint32Array, first: number, sliceBytes: number): number {
  const limit = offsets[first]! + sliceBytes;
  let end = first + 1;
  let beyond = offsets.length - 1;
  if (offsets[beyond]! <= limit) return beyond;
  while (beyond - end > 1) {
    const middle = (end + beyond) >>> 1;
    if (offsets[middle]! <= limit) end = middle;
    else beyond = middle;
  }
  return end;
}
