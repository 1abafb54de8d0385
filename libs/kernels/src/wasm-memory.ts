import { wasmBase64 } from "./wasm-module.ts";

/** What `assembly/index.ts` exports; addresses and sizes are in bytes. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  heapStart(): number;
  snappyUncompress(input: number, inputBytes: number, out: number, rawBytes: number): number;
  snappyCompress(input: number, inputBytes: number, out: number): number;
  lz4Uncompress(input: number, inputBytes: number, out: number, rawBytes: number): number;
  lz4Compress(input: number, inputBytes: number, out: number): number;
  countMarks(marks: number, count: number): number;
  foldMarks(marks: number, markBits: number, bits: number, out: number): void;
  markWindows(lines: number, offsets: number, rows: number, words: number, groups: number): void;
  newlines(bytes: number, length: number, base: number, out: number): number;
  searchRows(
    lines: number,
    offsets: number,
    rows: number,
    firstRow: number,
    needle: number,
    needleBytes: number,
    rareA: number,
    rareB: number,
    ignoreCase: number,
    out: number,
  ): number;
}

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

const pageBytes = 64 * 1024;
/** A memory cannot shrink: one that has grown beyond this is let go before the next call. */
const keepBytes = 16 * 2 ** 20;
const maxBytes = 2 ** 30;
/** Kernels read and overwrite up to this many bytes behind a region. */
const padBytes = 64;

/** The compiled kernels of this thread and the memory they work in: regions are laid out anew for each call. */
export class WasmMemory {
  readonly #module: object;
  #exports: Exports;
  #bytes: Uint8Array<ArrayBuffer>;
  #free: number;

  /** Throws where the engine has no WebAssembly with SIMD. */
  constructor() {
    this.#module = new WebAssembly.Module(Buffer.from(wasmBase64, "base64"));
    this.#exports = this.#instantiate();
    this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    this.#free = this.#exports.heapStart();
  }

  /** Gives up all regions, and returns the kernels that work in those to come. */
  begin(): Exports {
    if (this.#bytes.length > keepBytes) {
      this.#exports = this.#instantiate();
      this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    }
    this.#free = this.#exports.heapStart();
    return this.#exports;
  }

  /** The address of a new region. Throws a RangeError beyond 1 GiB. */
  room(bytes: number): number {
    const address = this.#free;
    const end = Math.ceil((address + bytes + padBytes) / padBytes) * padBytes;
    if (end > maxBytes) throw new RangeError(`kernels: ${bytes} bytes are too many`);
    if (end > this.#bytes.length) {
      this.#exports.memory.grow(Math.ceil((end - this.#bytes.length) / pageBytes));
      this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    }
    this.#free = end;
    return address;
  }

  /** Copies into a new region. */
  place(bytes: Uint8Array): number {
    const address = this.room(bytes.length);
    this.#bytes.set(bytes, address);
    return address;
  }

  placeWords(words: Uint32Array): number {
    return this.place(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
  }

  /** What lies in a region: a view until the next call. */
  view(address: number, bytes: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(address, address + bytes);
  }

  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.#bytes.buffer, address, count);
  }

  #instantiate(): Exports {
    return new WebAssembly.Instance(this.#module).exports as Exports;
  }
}
