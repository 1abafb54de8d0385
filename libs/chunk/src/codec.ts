import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import type { Fail } from "@ratatosk/bytes";
import { lz4Compress, lz4Uncompress } from "@ratatosk/kernels";
import { freshMemory, type Memory } from "./scratch.ts";
import { zstdCompressed, zstdUncompress } from "./zstd.ts";

/** How a column's bytes are stored; the number stands in the files. */
export type Codec = "none" | "zstd" | "lz4";

const numbers: Record<Codec, number> = { none: 0, zstd: 1, lz4: 2 };
const codecs: readonly Codec[] = ["none", "zstd", "lz4"];
const compressInBackground = promisify(zstdCompress);

/** Columns below this are compressed at once: handing them to another thread costs more. */
const backgroundBytes = 16 * 1024;

export const codecNumber = (codec: Codec): number => numbers[codec];

export function codecOf(number: number, fail: Fail): Codec {
  const codec = codecs[number];
  if (codec === undefined) throw fail(`unknown codec ${number}`);
  return codec;
}

/** Compresses: zstd at level 1, or LZ4, which is larger and read three times as fast. */
export function compress(raw: Uint8Array, codec: Codec): Uint8Array<ArrayBuffer> {
  return codec === "lz4" ? exactly(lz4Compress(raw)) : zstdCompressed(raw);
}

/** The same; zstd works off the main thread where the bytes are many, at a level from 1 (fast) to 19 (small). */
export async function compressAside(raw: Uint8Array, codec: Codec, level = 1): Promise<Uint8Array<ArrayBuffer>> {
  if (codec === "lz4" || raw.length < backgroundBytes) return compress(raw, codec);
  return exactly(await compressInBackground(raw, optionsFor(raw, level)));
}

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

/** Room for what logs commonly become, so that the output comes in one piece. */
const optionsFor = ({ length }: Uint8Array, level = 1) => ({
  params: { [constants.ZSTD_c_compressionLevel]: level },
  chunkSize: 512 + Math.ceil(length / 3),
});

/** A copy that keeps no more memory than it shows. */
const exactly = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

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
