/**
 * Decodes the elements of a snappy block into `out`; false unless they fill it exactly.
 * The two low bits of an element's first byte say what it is:
 *   0  literal: length - 1 in six bits; 60 to 63 say that it follows in one to four bytes
 *   1  copy: length - 4 in three bits, offset in the upper three and a byte
 *   2  copy: length - 1 in six bits, offset in two bytes
 *   3  copy: length - 1 in six bits, offset in four bytes
 */
export function snappyUncompress(input: Uint8Array, bodyAt: number, out: Uint8Array): boolean {
  let from = bodyAt;
  let to = 0;
  while (from < input.length) {
    const tag = input[from++]!;
    let length = (tag >>> 2) + 1;
    if ((tag & 3) === 0) {
      if (length > 60) {
        const size = length - 60;
        if (from + size > input.length) return false;
        length = littleEndian(input, from, size) + 1;
        from += size;
      }
      if (length > input.length - from || length > out.length - to) return false;
      out.set(input.subarray(from, from + length), to);
      from += length;
      to += length;
      continue;
    }
    const size = offsetBytes[tag & 3]!;
    if (from + size > input.length) return false;
    let offset = littleEndian(input, from, size);
    from += size;
    if ((tag & 3) === 1) {
      length = ((tag >>> 2) & 7) + 4;
      offset += (tag >>> 5) << 8;
    }
    if (offset === 0 || offset > to || length > out.length - to) return false;
    copyBack(out, to, offset, length);
    to += length;
  }
  return to === out.length;
}

const offsetBytes = [0, 1, 2, 4];

function littleEndian(bytes: Uint8Array, at: number, size: number): number {
  let number = 0;
  for (let i = size - 1; i >= 0; i--) number = number * 256 + bytes[at + i]!;
  return number;
}

/** Repeats what was written `offset` bytes ago; the copy may overlap itself. */
export function copyBack(out: Uint8Array, to: number, offset: number, length: number): void {
  if (offset >= length) out.copyWithin(to, to - offset, to - offset + length);
  else for (let i = to; i < to + length; i++) out[i] = out[i - offset]!;
}
