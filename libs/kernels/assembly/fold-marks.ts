/** How many of the marks, a byte each, are 1. Their number is a multiple of sixteen. */
export function countMarks(marks: usize, count: usize): u32 {
  let marked: u64 = 0;
  for (let at: usize = 0; at < count; at += 8) marked += popcnt<u64>(load<u64>(marks + at));
  return <u32>marked;
}

/**
 * Sets bit mark × `bits` ÷ 2^`markBits` of `out`, which is clear, for each of the 2^`markBits` marks that is 1. Bits ascend with
 * marks: they are gathered in a word, since the next one would wait for the memory that the one before has changed.
 */
export function foldMarks(marks: usize, markBits: u32, bits: u32, out: usize): void {
  const count: u32 = 1 << markBits;
  let gathered: u64 = 0;
  let word: u32 = 0;
  for (let first: u32 = 0; first < count; first += 16) {
    let marked = <u32>i8x16.bitmask(v128.ne<i8>(v128.load(marks + first), i8x16.splat(0)));
    for (; marked != 0; marked &= marked - 1) {
      const bit = <u32>((<u64>(first + ctz(marked)) * bits) >> markBits);
      if (bit >> 6 != word) {
        store<u64>(out + (word << 3), gathered);
        gathered = 0;
        word = bit >> 6;
      }
      gathered |= <u64>1 << (bit & 63);
    }
  }
  store<u64>(out + (word << 3), gathered);
}
