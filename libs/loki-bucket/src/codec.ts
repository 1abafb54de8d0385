import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip, gunzipSync, inflateRaw, inflateRawSync, zstdDecompress, zstdDecompressSync } from "node:zlib";
import type { Fail } from "@ratatosk/bytes";
import { lz4Frame } from "./lz4-frame.ts";
import { snappyFrames } from "./snappy-frames.ts";

/** That of blocks which are not packed. */
export const plainCodec = 0;

/** The number in a chunk's header, and how its blocks are packed. Number 2 was never written. */
const codecs: Readonly<Record<number, (bytes: Uint8Array, maxBytes: number, fail: Fail) => Uint8Array>> = {
  [plainCodec]: (bytes) => bytes,
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

type ZlibOptions = { readonly maxOutputLength: number };

/** Those that can unpack on threads of Node's. */
const aside: Readonly<Record<number, (bytes: Uint8Array, options: ZlibOptions) => Promise<Uint8Array>>> = {
  1: promisify<Uint8Array, ZlibOptions, Uint8Array>(gunzip),
  8: promisify<Uint8Array, ZlibOptions, Uint8Array>(inflateRaw),
  9: promisify<Uint8Array, ZlibOptions, Uint8Array>(zstdDecompress),
};

/** The same, without holding up the event loop for longer than a fast codec takes. */
export async function unpackAside(codec: number, bytes: Uint8Array, maxBytes: number, fail: Fail): Promise<Uint8Array> {
  const decode = aside[codec];
  if (decode === undefined) {
    await setImmediate();
    return unpack(codec, bytes, maxBytes, fail);
  }
  return decode(bytes, { maxOutputLength: maxBytes }).catch((error: unknown) => {
    throw fail(error instanceof Error ? error.message : String(error));
  });
}

function zlib(decode: (bytes: Uint8Array, options: ZlibOptions) => Uint8Array) {
  return (bytes: Uint8Array, maxBytes: number, fail: Fail): Uint8Array => {
    try {
      return decode(bytes, { maxOutputLength: maxBytes });
    } catch (error) {
      throw fail(error instanceof Error ? error.message : String(error));
    }
  };
}
