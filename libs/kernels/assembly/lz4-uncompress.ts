import { copyBack, wideCopy } from "./wide-copy";

/** Where `readLength` stopped. */
let after: usize = 0;

/** Decodes an LZ4 block into exactly `rawBytes` at `out`; 0 where it is corrupt. */
export function lz4Uncompress(input: usize, inputBytes: usize, out: usize, rawBytes: usize): bool {
  let from = input;
  let to = out;
  const end = input + inputBytes;
  const outEnd = out + rawBytes;
  while (from < end) {
    const token = <usize>load<u8>(from++);
    let literals = token >> 4;
    if (literals == 15) {
      literals = readLength(from, end, 15, rawBytes);
      from = after;
    }
    if (literals > end - from || literals > outEnd - to) return false;
    wideCopy(to, from, literals);
    from += literals;
    to += literals;
    if (from == end) return to == outEnd;
    if (end - from < 2) return false;
    const offset = <usize>load<u16>(from);
    from += 2;
    let length = (token & 15) + 4;
    if (length == 19) {
      length = readLength(from, end, 19, rawBytes);
      from = after;
    }
    if (offset == 0 || offset > to - out || length > outEnd - to) return false;
    copyBack(to, offset, length);
    to += length;
  }
  return false;
}

/** Adds bytes to a length up to one below 255; more than `most` where they are cut off. */
function readLength(from: usize, end: usize, length: usize, most: usize): usize {
  while (from < end && length <= most) {
    const more = <usize>load<u8>(from++);
    length += more;
    if (more == 255) continue;
    after = from;
    return length;
  }
  after = end;
  return usize.MAX_VALUE;
}
