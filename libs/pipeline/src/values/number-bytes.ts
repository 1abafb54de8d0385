const zero = 0x30;
const nine = 0x39;
const dot = 0x2e;
const longest = 2 ** 63;
const letterM = 0x6d;
const letterS = 0x73;

/** Reads `bytes[start … end)` as a number where that takes no string; NaN for all else. */
export type NumberReader = (bytes: Uint8Array, start: number, end: number) => number;

/** At most fifteen digits, perhaps with a point among them: what parseGoFloat makes of them. */
export const simpleFloatBytes: NumberReader = (bytes, start, end) => {
  let [value, divisor, digits] = [0, 1, 0];
  let afterPoint = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= zero && byte <= nine) {
      value = value * 10 + byte - zero;
      if (afterPoint) divisor *= 10;
      digits++;
    } else if (byte === dot && !afterPoint) afterPoint = true;
    else return NaN;
  }
  // So many digits are exact as numbers, and so is their quotient rounded once.
  return digits === 0 || digits > 15 ? NaN : value / divisor;
};

/** Seconds of such digits with one of the units s and ms: what parseGoDuration makes of them. */
export const simpleSecondsBytes: NumberReader = (bytes, start, end) => {
  let last = end - 1;
  if (last <= start || bytes[last] !== letterS) return NaN;
  const scale = bytes[last - 1] === letterM ? 1e6 : 1e9;
  if (scale === 1e6) last--;
  let point = last;
  for (let at = start; at < last; at++) if (bytes[at] === dot) point = at;
  if (point === start || point === last - 1 || last - start > 15) return NaN;
  let nanoseconds = digitsOf(bytes, start, point) * scale;
  if (point < last) {
    const fraction = digitsOf(bytes, point + 1, last) / 10 ** (last - point - 1);
    nanoseconds += Math.trunc(fraction * scale);
  }
  return nanoseconds > longest ? NaN : nanoseconds / 1e9;
};

function digitsOf(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - zero;
    if (digit < 0 || digit > 9) return NaN;
    value = value * 10 + digit;
  }
  return value;
}
