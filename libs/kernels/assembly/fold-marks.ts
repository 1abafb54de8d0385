/** How many of the marks, a byte each, are 1. Their number is a multiple of sixteen. */
export function countMarks(marks: usize, count: usize): u32 {
  let marked: u64 = 0;
  for (let at: usize = 0; at < count; at += 8) marked += popcnt<u64>(load<u64>(marks + at));
  return <u32>marked;
}

/** Sets bit mark × `bits` ÷ 2^`markBits` of `out`, which is clear, for each of the 2^`markBits` marks that is 1. */
export function foldMarks(marks: usize, markBits: u32, bits: u32, out: usize): void {
  const count: u32 = 1 << markBits;
  for (let first: u32 = 0; first < count; first += 16) {
    let marked = <u32>i8x16.bitmask(v128.ne<i8>(v128.load(marks + first), i8x16.splat(0)));
    for (; marked != 0; marked &= marked - 1) {
      const bit = <u32>((<u64>(first + ctz(marked)) * bits) >> markBits);
      const byte = out + (bit >> 3);
      store<u8>(byte, load<u8>(byte) | (<u8>1 << <u8>(bit & 7)));
    }
  }
}
