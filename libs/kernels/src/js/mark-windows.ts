/** Bits of the hashes that are marked. */
export const wordBits = 17;
export const groupBits = 18;

/** A group is three neighbouring windows of five bytes. */
const windowBytes = 5;
const groupWindows = 3;
const groupBytes = windowBytes + groupWindows - 1;

const mixA = 0x9e3779b1;
const mixB = 0x85ebca6b;
const mixC = 0xc2b2ae35;

/**
 * Marks what the lines hold. In `words` the hash of each window of four bytes that is part of a word: it holds no
 * digit, and not hex letters alone. In `groups`, for each group of windows, the least hash. A mark is a 1 at the hash.
 */
export function markWindows(lines: Uint8Array, offsets: Uint32Array, words: Uint8Array, groups: Uint8Array): void {
  for (let row = 0; row + 1 < offsets.length; row++) {
    const end = offsets[row + 1]! - 1;
    eachWord(lines, offsets[row]!, end, (hash) => void (words[hash] = 1));
    eachGroup(lines, offsets[row]!, end, (hash) => void (groups[hash] = 1));
  }
}

/** Calls with the hash of each word window that lies from `start` to `end`. */
export function eachWord(bytes: Uint8Array, start: number, end: number, call: (hash: number) => void): void {
  for (let at = start; at + 4 <= end; at++)
    if (isWord(bytes, at)) call(Math.imul(four(bytes, at), mixA) >>> (32 - wordBits));
}

/** Calls with the hash of each group that lies from `start` to `end`. */
export function eachGroup(bytes: Uint8Array, start: number, end: number, call: (hash: number) => void): void {
  for (let at = start; at + groupBytes <= end; at++) {
    let least = hash(bytes, at);
    for (let window = 1; window < groupWindows; window++) least = Math.min(least, hash(bytes, at + window));
    call(Math.imul(least, mixC) >>> (32 - groupBits));
  }
}

function isWord(bytes: Uint8Array, at: number): boolean {
  let hexLetters = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x30 && byte <= 0x39) return false;
    const small = byte | 0x20;
    if (small >= 0x61 && small <= 0x66) hexLetters++;
  }
  return hexLetters < 4;
}

function hash(bytes: Uint8Array, at: number): number {
  const sum = Math.imul(four(bytes, at), mixA) + Math.imul(four(bytes, at + 1), mixB);
  return (sum ^ ((sum >>> 0) >>> 15)) >>> 0;
}

function four(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
