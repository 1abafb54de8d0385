import { CorruptInput, OutputTooLarge } from "./errors.ts";
import { kernels } from "./kernels.ts";
import { snappyHeader } from "./snappy-header.ts";

/** The size that a snappy block announces, in bytes. Throws CorruptInput. */
export const snappyUncompressedLength = (input: Uint8Array): number => snappyHeader(input).rawBytes;

/**
 * Uncompresses a snappy block (no frames). The bytes stay valid until the next call of any kernel on this thread:
 * `slice()` them to keep them. Throws CorruptInput, or OutputTooLarge before anything is uncompressed.
 */
export function snappyUncompress(input: Uint8Array, maxBytes: number): Uint8Array {
  const { rawBytes, bodyAt } = snappyHeader(input);
  if (rawBytes > maxBytes) throw new OutputTooLarge(rawBytes, maxBytes);
  const raw = kernels.snappyUncompress(input, bodyAt, rawBytes);
  if (raw === undefined) throw new CorruptInput("snappy");
  return raw;
}

/** Compresses into one snappy block (no frames). */
export const snappyCompress = (input: Uint8Array): Uint8Array<ArrayBuffer> => kernels.snappyCompress(input);
