import { findMatchesIn, matchLength, matchOffset, matchStart, nextMatch } from "./match-finder";
import { wideCopy } from "./wide-copy";

/** Writes the LZ4 block to `out`, which has room for the worst case; returns its size. */
export function lz4Compress(input: usize, inputBytes: usize, out: usize): usize {
  findMatchesIn(input, inputBytes);
  let to = out;
  let from = input;
  while (nextMatch(from)) {
    const more = matchLength - 4;
    to = writeLiterals(to, from, matchStart - from, min<usize>(more, 15));
    store<u16>(to, <u16>matchOffset);
    to += 2;
    if (more >= 15) to = writeRest(to, more - 15);
    from = matchStart + matchLength;
  }
  return writeLiterals(to, from, input + inputBytes - from, 0) - out;
}

/** A sequence's token (the literals' length, the match's length - 4) and its literals. */
@inline
function writeLiterals(to: usize, from: usize, length: usize, matchBits: usize): usize {
  store<u8>(to++, <u8>((min<usize>(length, 15) << 4) | matchBits));
  if (length >= 15) to = writeRest(to, length - 15);
  wideCopy(to, from, length);
  return to + length;
}

/** What of a length goes beyond the token's 15: bytes to be added, the last below 255. */
function writeRest(to: usize, rest: usize): usize {
  for (; rest >= 255; rest -= 255) store<u8>(to++, 255);
  store<u8>(to, <u8>rest);
  return to + 1;
}
