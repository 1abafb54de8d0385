import { gunzipSync, inflateRawSync, zstdDecompressSync } from "node:zlib";
import type { Fail } from "@ratatosk/bytes";
import { lz4Frame } from "./lz4-frame.ts";
import { snappyFrames } from "./snappy-frames.ts";

/** The number in a chunk's header, and how its blocks are packed. Number 2 was never written. */
const codecs: Readonly<Record<number, (bytes: Uint8Array, maxBytes: number, fail: Fail) => Uint8Array>> = {
  0: (bytes) => bytes,
  1: zlib(gunzipSync),
  3: lz4Frame,
  4: snappyFrames,
  5: lz4Frame,
  6: lz4Frame,
  7: lz4Frame,
  8: zlib(inflateRawSync),
  9: zlib(zstdDecompressSync),
};

/** Unpacks a block or symbol table. Throws what `fail` makes when the bytes are damaged or more than `maxBytes`. */
export function unpack(codec: number, bytes: Uint8Array, maxBytes: number, fail: Fail): Uint8Array {
  const decode = codecs[codec];
  if (decode === undefined) throw fail(`unknown codec ${codec}`);
  return decode(bytes, maxBytes, fail);
}

function zlib(decode: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array) {
  return (bytes: Uint8Array, maxBytes: number, fail: Fail): Uint8Array => {
    try {
      return decode(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      throw fail(error instanceof Error ? error.message : String(error));
    }
  };
}
