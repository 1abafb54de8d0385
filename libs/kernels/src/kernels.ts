import { javascript } from "./javascript.ts";
import type { Needle } from "./needle.ts";
import { webAssembly } from "./wasm.ts";

/** The loops that everything waits for, over bytes. Written twice: in WebAssembly and in JavaScript. */
export interface Kernels {
  /** The bytes, valid until the next call; undefined where the body is corrupt. */
  snappyUncompress(input: Uint8Array, bodyAt: number, rawBytes: number): Uint8Array | undefined;
  snappyCompress(input: Uint8Array): Uint8Array<ArrayBuffer>;
  lz4Uncompress(input: Uint8Array, rawBytes: number): Uint8Array<ArrayBuffer> | undefined;
  lz4Compress(input: Uint8Array): Uint8Array<ArrayBuffer>;
  /** Writes rows into `out`, or only counts them. The needle is not empty. */
  searchRows(lines: Uint8Array, offsets: Uint32Array, needle: Needle, out: Uint32Array | undefined): number;
  newlines(bytes: Uint8Array, out: Uint32Array): number;
  markWindows(lines: Uint8Array, offsets: Uint32Array, words: Uint8Array, groups: Uint8Array): void;
  /** Of marks, a byte each, whose number is a power of two. */
  countMarks(marks: Uint8Array): number;
  foldMarks(marks: Uint8Array, bits: number): Uint8Array<ArrayBuffer>;
}

/** What this thread uses. */
export const kernels: Kernels = webAssembly() ?? javascript;
