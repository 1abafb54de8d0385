import { MatchFinder } from "./match-finder.ts";

/** The most bytes that so many can take in snappy. */
export const snappyMaxBytes = (rawBytes: number): number => 32 + rawBytes + Math.ceil(rawBytes / 6);

/** Writes the snappy block into `out`, which holds `snappyMaxBytes`; returns its size. */
export function snappyCompress(input: Uint8Array, out: Uint8Array): number {
  const matches = new MatchFinder(input);
  let to = writeSize(out, input.length);
  let from = 0;
  while (matches.next(from)) {
    to = writeLiteral(out, to, input, from, matches.start);
    to = writeCopy(out, to, matches.offset, matches.length);
    from = matches.start + matches.length;
  }
  return writeLiteral(out, to, input, from, input.length);
}

function writeSize(out: Uint8Array, size: number): number {
  let to = 0;
  for (; size > 0x7f; size = Math.floor(size / 128)) out[to++] = (size & 0x7f) | 0x80;
  out[to++] = size;
  return to;
}

function writeLiteral(out: Uint8Array, to: number, input: Uint8Array, from: number, end: number): number {
  if (from === end) return to;
  const size = end - from - 1;
  if (size < 60) out[to++] = size << 2;
  else {
    const sizeBytes = size < 2 ** 8 ? 1 : size < 2 ** 16 ? 2 : size < 2 ** 24 ? 3 : 4;
    out[to++] = (59 + sizeBytes) << 2;
    for (let i = 0; i < sizeBytes; i++) out[to++] = size >>> (8 * i);
  }
  out.set(input.subarray(from, end), to);
  return to + end - from;
}

/** Copies of up to 64 bytes, none of fewer than four. */
function writeCopy(out: Uint8Array, to: number, offset: number, length: number): number {
  for (; length >= 68; length -= 64) to = writeLongCopy(out, to, offset, 64);
  if (length > 64) {
    to = writeLongCopy(out, to, offset, 60);
    length -= 60;
  }
  if (length >= 12 || offset >= 2048) return writeLongCopy(out, to, offset, length);
  out[to++] = ((offset >>> 8) << 5) | ((length - 4) << 2) | 1;
  out[to++] = offset;
  return to;
}

function writeLongCopy(out: Uint8Array, to: number, offset: number, length: number): number {
  out[to++] = ((length - 1) << 2) | 2;
  out[to++] = offset;
  out[to++] = offset >>> 8;
  return to;
}
