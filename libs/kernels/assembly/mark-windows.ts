/**
 * Marks what lines hold; `src/js/mark-windows.ts` says how. A mark is a byte: to set a bit would wait for the bit set
 * before, which is often the same. What is not to be marked is marked behind the map instead, which saves branches.
 */
const wordBits: i32 = 17;
const groupBits: i32 = 18;
const windowBytes: usize = 4;
const groupBytes: usize = 7;

/** Constants of four lanes, read once: V8 would build each anew wherever it is used, at five instructions. */
const lanes = memory.data<u32>(
  [
    // The four bytes that begin at each of the first four, and those that begin one later.
    0x03020100, 0x04030201, 0x05040302, 0x06050403, 0x04030201, 0x05040302, 0x06050403, 0x07060504,
    // What windows are multiplied by.
    0x9e3779b1, 0x9e3779b1, 0x9e3779b1, 0x9e3779b1, 0x85ebca6b, 0x85ebca6b, 0x85ebca6b, 0x85ebca6b,
    0xc2b2ae35, 0xc2b2ae35, 0xc2b2ae35, 0xc2b2ae35,
    // `0`, how many digits follow it, what makes letters small, `a`, how many hex letters follow it.
    0x30303030, 0x30303030, 0x30303030, 0x30303030, 0x09090909, 0x09090909, 0x09090909, 0x09090909,
    0x20202020, 0x20202020, 0x20202020, 0x20202020, 0x61616161, 0x61616161, 0x61616161, 0x61616161,
    0x05050505, 0x05050505, 0x05050505, 0x05050505,
    0, 1, 2, 3,
    // How many marks the maps have.
    0x20000, 0x20000, 0x20000, 0x20000, 0x40000, 0x40000, 0x40000, 0x40000,
  ],
  16,
);

/** Marks the windows of lines that begin where the first of `rows` + 1 `offsets` says. */
export function markWindows(lines: usize, offsets: usize, rows: u32, words: usize, groups: usize): void {
  const here = v128.load(lanes);
  const next = v128.load(lanes, 16);
  const mixA = v128.load(lanes, 32);
  const mixB = v128.load(lanes, 48);
  const mixC = v128.load(lanes, 64);
  const zero = v128.load(lanes, 80);
  const nine = v128.load(lanes, 96);
  const small = v128.load(lanes, 112);
  const a = v128.load(lanes, 128);
  const five = v128.load(lanes, 144);
  const ascending = v128.load(lanes, 160);
  const allWords = v128.load(lanes, 176);
  const allGroups = v128.load(lanes, 192);
  const wordsEnd = i32x4.splat(<i32>words + (1 << wordBits));
  const groupsEnd = i32x4.splat(<i32>groups + (1 << groupBits));
  const base = load<u32>(offsets);
  for (let row: u32 = 0; row < rows; row++) {
    let at = lines + (load<u32>(offsets) - base);
    offsets += 4;
    const end = lines + (load<u32>(offsets) - base) - 1;
    // Four windows at once; `ahead` are the hashes of the next four, which groups reach into.
    let bytes = v128.load(at);
    let product = i32x4.mul(i8x16.relaxed_swizzle(bytes, here), mixA);
    let ahead = hashes(bytes, product, next, mixB);
    const lastWhole = end - groupBytes - 3;
    for (; <isize>at <= <isize>lastWhole; at += 4) {
      const isWord = areWords(bytes, here, zero, nine, small, a, five);
      markFour(i32x4.sub(wordsEnd, v128.and(wordsBack(product, allWords), isWord)));
      const least = ahead;
      bytes = v128.load(at, 4);
      product = i32x4.mul(i8x16.relaxed_swizzle(bytes, here), mixA);
      ahead = hashes(bytes, product, next, mixB);
      markFour(i32x4.sub(groupsEnd, groupsBack(least, ahead, mixC, allGroups)));
    }
    for (; at + windowBytes <= end; at += 4) {
      const inside = before(end - windowBytes + 1 - at, ascending);
      const isWord = v128.and(inside, areWords(bytes, here, zero, nine, small, a, five));
      markFour(i32x4.sub(wordsEnd, v128.and(wordsBack(product, allWords), isWord)));
      if (at + groupBytes > end) continue;
      const least = ahead;
      bytes = v128.load(at, 4);
      product = i32x4.mul(i8x16.relaxed_swizzle(bytes, here), mixA);
      ahead = hashes(bytes, product, next, mixB);
      const isGroup = before(end - groupBytes + 1 - at, ascending);
      markFour(i32x4.sub(groupsEnd, v128.and(groupsBack(least, ahead, mixC, allGroups), isGroup)));
    }
  }
}

/** The hashes of the five bytes that begin at each of the first four, of which `product` has the first four. */
@inline
function hashes(bytes: v128, product: v128, next: v128, mixB: v128): v128 {
  const sum = i32x4.add(product, i32x4.mul(i8x16.relaxed_swizzle(bytes, next), mixB));
  return v128.xor(sum, i32x4.shr_u(sum, 15));
}

/** Marks as counted back from the end of the map. */
@inline
function wordsBack(product: v128, allWords: v128): v128 {
  return i32x4.sub(allWords, i32x4.shr_u(product, 32 - wordBits));
}

/** Of each window and its two neighbours the one with the least hash. */
@inline
function groupsBack(here: v128, ahead: v128, mixC: v128, allGroups: v128): v128 {
  const pairs = i32x4.min_u(here, v128.shuffle<u32>(here, ahead, 1, 2, 3, 4));
  const least = i32x4.min_u(pairs, v128.shuffle<u32>(here, ahead, 2, 3, 4, 5));
  return i32x4.sub(allGroups, i32x4.shr_u(i32x4.mul(least, mixC), 32 - groupBits));
}

/** Ones in each of the four windows that hold no digit, and not hex letters alone. */
@inline
function areWords(bytes: v128, here: v128, zero: v128, nine: v128, small: v128, a: v128, five: v128): v128 {
  const digits = i8x16.le_u(i8x16.sub(bytes, zero), nine);
  const hexLetters = i8x16.le_u(i8x16.sub(v128.or(bytes, small), a), five);
  const noDigit = i32x4.eq(i8x16.relaxed_swizzle(digits, here), i32x4.splat(0));
  const allHexLetters = i32x4.eq(i8x16.relaxed_swizzle(hexLetters, here), i32x4.splat(-1));
  return v128.andnot(noDigit, allHexLetters);
}

/** Ones in the first `count` of four. */
@inline
function before(count: usize, ascending: v128): v128 {
  return i32x4.lt_u(ascending, i32x4.splat(<i32>count));
}

/** Two at a time leave the vector, which costs as much as one. */
@inline
function markFour(places: v128): void {
  const low = i64x2.extract_lane(places, 0);
  const high = i64x2.extract_lane(places, 1);
  store<u8>(<usize>low, 1);
  store<u8>(<usize>(low >>> 32), 1);
  store<u8>(<usize>high, 1);
  store<u8>(<usize>(high >>> 32), 1);
}
