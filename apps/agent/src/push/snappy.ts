import { writeVarint } from "./stream-buffer.ts";

const blockBytes = 65_536;
const hashBits = 13;
const table = new Uint16Array(1 << hashBits);

/** Snappy's block format: the length, then literals and copies of at most 64 KiB distance. */
export function snappyCompress(input: Buffer): Buffer {
  const out = Buffer.allocUnsafe(10 + input.length + Math.ceil(input.length / 6));
  let at = writeVarint(out, 0, input.length);
  for (let from = 0; from < input.length; from += blockBytes)
    at = compressBlock(input, from, Math.min(from + blockBytes, input.length), out, at);
  return Buffer.from(out.subarray(0, at));
}

function compressBlock(input: Buffer, from: number, end: number, out: Buffer, outAt: number): number {
  table.fill(0);
  let at = outAt;
  let literal = from;
  let i = from;
  let misses = 32;
  const last = end - 15;
  while (i < last) {
    const word = word32(input, i);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - hashBits);
    const candidate = from + table[slot]!;
    table[slot] = i - from;
    if (candidate >= i || word32(input, candidate) !== word) {
      i += misses++ >> 5;
      continue;
    }
    misses = 32;
    if (i > literal) at = writeLiteral(input, literal, i, out, at);
    let length = 4;
    while (i + length < end && input[candidate + length] === input[i + length]) length++;
    at = writeCopy(i - candidate, length, out, at);
    i += length;
    literal = i;
  }
  return literal < end ? writeLiteral(input, literal, end, out, at) : at;
}

const word32 = (bytes: Buffer, at: number): number =>
  bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);

function writeLiteral(input: Buffer, from: number, to: number, out: Buffer, outAt: number): number {
  const n = to - from - 1;
  let at = outAt;
  if (n < 60) out[at++] = n << 2;
  else if (n < 256) {
    out[at++] = 60 << 2;
    out[at++] = n;
  } else {
    out[at++] = 61 << 2;
    out[at++] = n & 0xff;
    out[at++] = n >> 8;
  }
  if (n < 32) for (let i = from; i < to; i++) out[at++] = input[i]!;
  else at += input.copy(out, at, from, to);
  return at;
}

function writeCopy(distance: number, length: number, out: Buffer, outAt: number): number {
  let at = outAt;
  let left = length;
  while (left > 0) {
    const size = left >= 68 ? 64 : left > 64 ? 60 : left;
    out[at++] = ((size - 1) << 2) | 2;
    out[at++] = distance & 0xff;
    out[at++] = distance >> 8;
    left -= size;
  }
  return at;
}

/** The reverse. Throws a RangeError on bytes that are none, before it allocates more than `maxBytes`. */
export function snappyUncompress(input: Buffer, maxBytes: number): Buffer {
  let at = 0;
  let size = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = input[at++];
    if (byte === undefined || scale > 2 ** 28) throw new RangeError("snappy: corrupt input");
    size += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  if (size > maxBytes) throw new RangeError("snappy: decoded block is too large");
  const out = Buffer.allocUnsafe(size);
  let to = 0;
  while (at < input.length) {
    const tag = input[at++]!;
    if ((tag & 3) === 0) {
      let length = (tag >> 2) + 1;
      const extra = (tag >> 2) - 59;
      if (extra > 0) {
        if (at + extra > input.length) throw new RangeError("snappy: corrupt input");
        length = input.readUIntLE(at, extra) + 1;
        at += extra;
      }
      if (at + length > input.length || to + length > size) throw new RangeError("snappy: corrupt input");
      to += input.copy(out, to, at, at + length);
      at += length;
      continue;
    }
    const width = (tag & 3) === 1 ? 1 : (tag & 3) === 2 ? 2 : 4;
    if (at + width > input.length) throw new RangeError("snappy: corrupt input");
    const low = input.readUIntLE(at, width);
    at += width;
    const distance = width === 1 ? ((tag >> 5) << 8) | low : low;
    const length = width === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    if (distance === 0 || distance > to || to + length > size) throw new RangeError("snappy: corrupt input");
    if (distance >= length) to += out.copy(out, to, to - distance, to - distance + length);
    else for (let i = 0; i < length; i++, to++) out[to] = out[to - distance]!;
  }
  if (to !== size) throw new RangeError("snappy: corrupt input");
  return out;
}
