import { CorruptInput } from "./errors.ts";

/** What the head of a snappy block says: the size of its content, and where that begins. */
export interface SnappyHeader {
  readonly rawBytes: number;
  readonly bodyAt: number;
}

/** A copy of 64 bytes takes three: an honest block never grows more than this for each of its bytes. */
const maxGrowth = 22;

/** Reads the varint before a snappy block. Throws CorruptInput, also where the block is too short to give that size. */
export function snappyHeader(input: Uint8Array): SnappyHeader {
  let rawBytes = 0;
  for (let at = 0; at < 5; at++) {
    const byte = input[at];
    if (byte === undefined) break;
    rawBytes += (byte & 0x7f) * 128 ** at;
    if (byte >= 0x80) continue;
    if (rawBytes < 2 ** 32 && rawBytes <= maxGrowth * input.length) return { rawBytes, bodyAt: at + 1 };
    break;
  }
  throw new CorruptInput("snappy");
}
