import { MatchFinder } from "./match-finder.ts";

/** The most bytes that so many can take in LZ4. */
export const lz4MaxBytes = (rawBytes: number): number => 16 + rawBytes + Math.ceil(rawBytes / 255);

/** Writes the LZ4 block into `out`, which holds `lz4MaxBytes`; returns its size. */
export function lz4Compress(input: Uint8Array, out: Uint8Array): number {
  const matches = new MatchFinder(input);
  let to = 0;
  let from = 0;
  while (matches.next(from)) {
    const { start, offset, length } = matches;
    to = writeLiterals(out, to, input, from, start, Math.min(length - 4, 15));
    out[to++] = offset;
    out[to++] = offset >>> 8;
    if (length - 4 >= 15) to = writeRest(out, to, length - 4 - 15);
    from = start + length;
  }
  return writeLiterals(out, to, input, from, input.length, 0);
}

/** A sequence's token (the literals' length, the match's length - 4) and its literals. */
function writeLiterals(
  out: Uint8Array,
  to: number,
  input: Uint8Array,
  from: number,
  end: number,
  matchBits: number,
): number {
  const length = end - from;
  out[to++] = (Math.min(length, 15) << 4) | matchBits;
  if (length >= 15) to = writeRest(out, to, length - 15);
  out.set(input.subarray(from, end), to);
  return to + length;
}

/** What of a length goes beyond the token's 15: bytes to be added, the last below 255. */
function writeRest(out: Uint8Array, to: number, rest: number): number {
  for (; rest >= 255; rest -= 255) out[to++] = 255;
  out[to++] = rest;
  return to;
}
