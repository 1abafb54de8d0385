import { CorruptInput } from "./errors.ts";
import { kernels } from "./kernels.ts";

/** Compresses into one LZ4 block (no frame, no size before it). */
export const lz4Compress = (input: Uint8Array): Uint8Array<ArrayBuffer> => kernels.lz4Compress(input);

/** Uncompresses an LZ4 block of exactly `rawBytes`. Throws CorruptInput. */
export function lz4Uncompress(input: Uint8Array, rawBytes: number): Uint8Array<ArrayBuffer> {
  if (rawBytes > maxGrowth * input.length) throw new CorruptInput("lz4");
  const raw = kernels.lz4Uncompress(input, rawBytes);
  if (raw === undefined) throw new CorruptInput("lz4");
  return raw;
}

/** A byte of a length adds 255 at most. */
const maxGrowth = 255;
