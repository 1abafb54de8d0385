import { findMatchesIn, matchLength, matchOffset, matchStart, nextMatch } from "./match-finder";
import { wideCopy } from "./wide-copy";

/** Writes the snappy block to `out`, which has room for the worst case; returns its size. */
export function snappyCompress(input: usize, inputBytes: usize, out: usize): usize {
  findMatchesIn(input, inputBytes);
  let to = writeSize(out, inputBytes);
  let from = input;
  while (nextMatch(from)) {
    to = writeLiteral(to, from, matchStart - from);
    to = writeCopy(to, <u32>matchOffset, <u32>matchLength);
    from = matchStart + matchLength;
  }
  return writeLiteral(to, from, input + inputBytes - from) - out;
}

function writeSize(to: usize, size: usize): usize {
  for (; size > 0x7f; size >>= 7) store<u8>(to++, <u8>((size & 0x7f) | 0x80));
  store<u8>(to, <u8>size);
  return to + 1;
}

@inline
function writeLiteral(to: usize, from: usize, length: usize): usize {
  if (length == 0) return to;
  const size = <u32>length - 1;
  if (size < 60) store<u8>(to++, <u8>(size << 2));
  else {
    const sizeBytes: usize = size < 1 << 8 ? 1 : size < 1 << 16 ? 2 : size < 1 << 24 ? 3 : 4;
    store<u8>(to, <u8>((59 + sizeBytes) << 2));
    store<u32>(to + 1, size);
    to += 1 + sizeBytes;
  }
  wideCopy(to, from, length);
  return to + length;
}

/** Copies of up to 64 bytes, none of fewer than four. */
@inline
function writeCopy(to: usize, offset: u32, length: u32): usize {
  for (; length >= 68; length -= 64) to = writeLongCopy(to, offset, 64);
  if (length > 64) {
    to = writeLongCopy(to, offset, 60);
    length -= 60;
  }
  if (length >= 12 || offset >= 2048) return writeLongCopy(to, offset, length);
  store<u8>(to, <u8>(((offset >> 8) << 5) | ((length - 4) << 2) | 1));
  store<u8>(to + 1, <u8>offset);
  return to + 2;
}

@inline
function writeLongCopy(to: usize, offset: u32, length: u32): usize {
  store<u8>(to, <u8>(((length - 1) << 2) | 2));
  store<u16>(to + 1, <u16>offset);
  return to + 3;
}
