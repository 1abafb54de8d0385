/**
 * Writes the rows whose line holds the needle to `out` (unless that is 0), counted from `firstRow`; returns how many.
 * `lines` begins where the first of `rows` + 1 `offsets` says. `rareA` and `rareB` are positions in the needle.
 */
export function searchRows(
  lines: usize,
  offsets: usize,
  rows: u32,
  firstRow: u32,
  needle: usize,
  needleBytes: usize,
  rareA: usize,
  rareB: usize,
  ignoreCase: bool,
  out: usize,
): u32 {
  const base = load<u32>(offsets);
  const end = lines + (offsetOf(offsets, rows) - base);
  let found: u32 = 0;
  let at = lines;
  for (let row: u32 = 0; row < rows; row++) {
    const match = ignoreCase
      ? findIgnoringCase(at, end, needle, needleBytes, rareA, rareB)
      : findExactly(at, end, needle, needleBytes, rareA, rareB);
    if (match == 0) break;
    const place = base + <u32>(match - lines);
    row = rowOf(offsets, row, rows, place);
    const next = offsetOf(offsets, row + 1);
    if (place + <u32>needleBytes < next) {
      if (out != 0) store<u32>(out + (<usize>found << 2), firstRow + row);
      found++;
    }
    at = lines + (next - base);
  }
  return found;
}

/** The address of the first match, or 0. Tests 32 places at once for the two rare bytes. */
function findExactly(at: usize, end: usize, needle: usize, size: usize, rareA: usize, rareB: usize): usize {
  const byteA = i8x16.splat(load<i8>(needle + rareA));
  const byteB = i8x16.splat(load<i8>(needle + rareB));
  for (; at + size <= end; at += 32) {
    const low = v128.and(i8x16.eq(v128.load(at + rareA), byteA), i8x16.eq(v128.load(at + rareB), byteB));
    const high = v128.and(i8x16.eq(v128.load(at + rareA + 16), byteA), i8x16.eq(v128.load(at + rareB + 16), byteB));
    if (!v128.any_true(v128.or(low, high))) continue;
    let candidates = <u32>i8x16.bitmask(low) | (<u32>i8x16.bitmask(high) << 16);
    for (; candidates != 0; candidates &= candidates - 1) {
      const place = at + <usize>ctz(candidates);
      if (place + size > end) return 0;
      let same: usize = 0;
      while (same < size && load<u8>(place + same) == load<u8>(needle + same)) same++;
      if (same == size) return place;
    }
  }
  return 0;
}

/** The same for a lower-cased needle. Bit 5 tells the cases apart: it is ignored first, then candidates are compared. */
function findIgnoringCase(at: usize, end: usize, needle: usize, size: usize, rareA: usize, rareB: usize): usize {
  const caseBit = i8x16.splat(0x20);
  const byteA = i8x16.splat(load<i8>(needle + rareA) | 0x20);
  const byteB = i8x16.splat(load<i8>(needle + rareB) | 0x20);
  for (; at + size <= end; at += 32) {
    const low = v128.and(
      i8x16.eq(v128.or(v128.load(at + rareA), caseBit), byteA),
      i8x16.eq(v128.or(v128.load(at + rareB), caseBit), byteB),
    );
    const high = v128.and(
      i8x16.eq(v128.or(v128.load(at + rareA + 16), caseBit), byteA),
      i8x16.eq(v128.or(v128.load(at + rareB + 16), caseBit), byteB),
    );
    if (!v128.any_true(v128.or(low, high))) continue;
    let candidates = <u32>i8x16.bitmask(low) | (<u32>i8x16.bitmask(high) << 16);
    for (; candidates != 0; candidates &= candidates - 1) {
      const place = at + <usize>ctz(candidates);
      if (place + size > end) return 0;
      let same: usize = 0;
      while (same < size && lower(load<u8>(place + same)) == <u32>load<u8>(needle + same)) same++;
      if (same == size) return place;
    }
  }
  return 0;
}

@inline
function lower(byte: u32): u32 {
  return byte - 0x41 < 26 ? byte | 0x20 : byte;
}

/** The row that holds a place, not before `row`: leaps that double, then halves. */
function rowOf(offsets: usize, row: u32, rows: u32, place: u32): u32 {
  let leap: u32 = 1;
  while (row + leap < rows && offsetOf(offsets, row + leap) <= place) {
    row += leap;
    leap <<= 1;
  }
  let beyond = min<u32>(row + leap, rows);
  while (beyond - row > 1) {
    const middle = (row + beyond) >> 1;
    if (offsetOf(offsets, middle) <= place) row = middle;
    else beyond = middle;
  }
  return row;
}

@inline
function offsetOf(offsets: usize, row: u32): u32 {
  return load<u32>(offsets + (<usize>row << 2));
}
