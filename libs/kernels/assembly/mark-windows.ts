/**
 * Marks what lines hold; `src/js/mark-windows.ts` says how. A mark is a byte: to set a bit would wait for the bit set
 * before, which is often the same. What is not to be marked is marked behind the map instead, which saves branches.
 */
const wordBits: i32 = 17;
const groupBits: i32 = 18;
const windowBytes: usize = 4;
const groupBytes: usize = 7;

const mixA: i32 = 0x9e3779b1;
const mixB: i32 = 0x85ebca6b;
const mixC: i32 = 0xc2b2ae35;

/** Marks the windows of lines that begin where the first of `rows` + 1 `offsets` says. */
export function markWindows(lines: usize, offsets: usize, rows: u32, words: usize, groups: usize): void {
  const base = load<u32>(offsets);
  for (let row: u32 = 0; row < rows; row++) {
    const start = lines + (load<u32>(offsets) - base);
    offsets += 4;
    markLine(start, lines + (load<u32>(offsets) - base) - 1, words, groups);
  }
}

/** Four windows at once; `ahead` are the hashes of the next four, which groups reach into. */
@inline
function markLine(at: usize, end: usize, words: usize, groups: usize): void {
  let bytes = v128.load(at);
  let product = i32x4.mul(windows(bytes), i32x4.splat(mixA));
  let ahead = hashes(bytes, product);
  for (; at + windowBytes <= end; at += 4) {
    const isWord = v128.and(areWords(bytes), before(end - windowBytes + 1 - at));
    const wordMarks = i32x4.shr_u(product, 32 - wordBits);
    markFour(words, v128.bitselect(wordMarks, i32x4.splat(1 << wordBits), isWord));

    const here = ahead;
    bytes = v128.load(at + 4);
    product = i32x4.mul(windows(bytes), i32x4.splat(mixA));
    ahead = hashes(bytes, product);
    if (at + groupBytes > end) continue;
    const pairs = i32x4.min_u(here, v128.shuffle<u32>(here, ahead, 1, 2, 3, 4));
    const least = i32x4.min_u(pairs, v128.shuffle<u32>(here, ahead, 2, 3, 4, 5));
    const groupMarks = i32x4.shr_u(i32x4.mul(least, i32x4.splat(mixC)), 32 - groupBits);
    markFour(groups, v128.bitselect(groupMarks, i32x4.splat(1 << groupBits), before(end - groupBytes + 1 - at)));
  }
}

/** The four bytes that begin at each of the first four. */
@inline
function windows(bytes: v128): v128 {
  return v128.swizzle(bytes, i8x16(0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6));
}

/** The hashes of the five bytes that begin at each of the first four, of which `product` has the first four. */
@inline
function hashes(bytes: v128, product: v128): v128 {
  const shifted = v128.swizzle(bytes, i8x16(1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6, 4, 5, 6, 7));
  const sum = i32x4.add(product, i32x4.mul(shifted, i32x4.splat(mixB)));
  return v128.xor(sum, i32x4.shr_u(sum, 15));
}

/** Ones in each of the four windows that hold no digit, and not hex letters alone. */
@inline
function areWords(bytes: v128): v128 {
  const digits = within(bytes, 0x30, 10);
  const hexLetters = within(v128.or(bytes, i8x16.splat(0x20)), 0x61, 6);
  const noDigit = i32x4.eq(windows(digits), i32x4.splat(0));
  const allHexLetters = i32x4.eq(windows(hexLetters), i32x4.splat(-1));
  return v128.andnot(noDigit, allHexLetters);
}

@inline
function within(bytes: v128, first: i8, count: i8): v128 {
  return i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(first)), i8x16.splat(count));
}

/** Ones in the first `count` of four. */
@inline
function before(count: usize): v128 {
  return i32x4.lt_u(i32x4(0, 1, 2, 3), i32x4.splat(<i32>count));
}

@inline
function markFour(map: usize, marks: v128): void {
  store<u8>(map + i32x4.extract_lane(marks, 0), 1);
  store<u8>(map + i32x4.extract_lane(marks, 1), 1);
  store<u8>(map + i32x4.extract_lane(marks, 2), 1);
  store<u8>(map + i32x4.extract_lane(marks, 3), 1);
}
