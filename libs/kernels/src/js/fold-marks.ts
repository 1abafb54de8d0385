/** How many of the marks, a byte each, are 1. */
export function countMarks(marks: Uint8Array): number {
  let marked = 0;
  for (let at = 0; at < marks.length; at++) marked += marks[at]!;
  return marked;
}

/** A bitmap that has bit ⌊mark × bits ÷ marks⌋ set for each mark that is 1. */
export function foldMarks(marks: Uint8Array, bits: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bits / 8);
  const scale = bits / marks.length;
  for (let mark = 0; mark < marks.length; mark++) {
    if (marks[mark] === 0) continue;
    const bit = Math.floor(mark * scale);
    out[bit >>> 3]! |= 1 << (bit & 7);
  }
  return out;
}
