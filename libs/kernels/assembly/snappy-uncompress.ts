import { copyBack, wideCopy } from "./wide-copy";

/** Decodes the elements of a snappy block into exactly `rawBytes` at `out`; 0 where they are corrupt. */
export function snappyUncompress(input: usize, inputBytes: usize, out: usize, rawBytes: usize): bool {
  let from = input;
  let to = out;
  const end = input + inputBytes;
  const outEnd = out + rawBytes;
  while (from < end) {
    const tag = <u32>load<u8>(from++);
    let length = <usize>(tag >> 2) + 1;
    let offset: usize;
    switch (tag & 3) {
      case 0: {
        if (length > 60) {
          const size = length - 60;
          if (size > end - from) return false;
          length = <usize>(load<u32>(from) & (0xffffffff >> ((4 - <u32>size) << 3))) + 1;
          from += size;
          if (length == 0) return false;
        }
        if (length > end - from || length > outEnd - to) return false;
        wideCopy(to, from, length);
        from += length;
        to += length;
        continue;
      }
      case 1: {
        if (end - from < 1) return false;
        length = <usize>((tag >> 2) & 7) + 4;
        offset = <usize>((tag >> 5) << 8) | load<u8>(from);
        from += 1;
        break;
      }
      case 2: {
        if (end - from < 2) return false;
        offset = load<u16>(from);
        from += 2;
        break;
      }
      default: {
        if (end - from < 4) return false;
        offset = load<u32>(from);
        from += 4;
      }
    }
    if (offset == 0 || offset > to - out || length > outEnd - to) return false;
    copyBack(to, offset, length);
    to += length;
  }
  return to == outEnd;
}
