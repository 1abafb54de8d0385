import type { Fail } from "@ratatosk/bytes";
import { lz4Compress, lz4Uncompress } from "@ratatosk/kernels";
import { freshMemory, type Memory } from "./scratch.ts";
import { zstdCompressed, zstdUncompress } from "./zstd.ts";

/** How a column's bytes are stored; the number stands in the files. */
export type Codec = "none" | "zstd" | "lz4";

const numbers: Record<Codec, number> = { none: 0, zstd: 1, lz4: 2 };
const codecs: readonly Codec[] = ["none", "zstd", "lz4"];

export const codecNumber = (codec: Codec): number => numbers[codec];

export function codecOf(number: number, fail: Fail): Codec {
  const codec = codecs[number];
  if (codec === undefined) throw fail(`unknown codec ${number}`);
  return codec;
}

/** Compresses: zstd at a level from 1 (fast) to 19 (small), or LZ4, which is larger and read three times as fast. */
export const compress = (raw: Uint8Array, codec: Codec, level = 1): Uint8Array<ArrayBuffer> =>
  codec === "lz4" ? lz4Compress(raw) : zstdCompressed(raw, level);

/** The raw bytes, exactly `rawSize` of them, in memory as it comes from `memory` unless they are stored as they are. */
export function decompress(
  codec: Codec,
  stored: Uint8Array,
  rawSize: number,
  fail: Fail,
  memory: Memory = freshMemory,
): Uint8Array {
  const raw = codec === "none" ? stored : uncompressed(codec, stored, rawSize, fail, memory);
  if (raw.length !== rawSize) throw fail(`${raw.length} bytes where ${rawSize} were expected`);
  return raw;
}

function uncompressed(
  codec: "zstd" | "lz4",
  stored: Uint8Array,
  rawSize: number,
  fail: Fail,
  memory: Memory,
): Uint8Array {
  try {
    if (codec === "lz4") return lz4Uncompress(stored, rawSize);
    const raw = memory.bytes(rawSize);
    zstdUncompress(stored, raw);
    return raw;
  } catch (error) {
    throw fail(`${codec}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
