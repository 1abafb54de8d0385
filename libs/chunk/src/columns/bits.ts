import type { Fail } from "@ratatosk/bytes";

/** Numbers of `width` bits each, at most 24, one after another, the lowest bit first; the last byte is filled with zeros. */
export function packBits(values: Uint32Array, width: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(packedBytes(values.length, width));
  let [at, kept, bits] = [0, 0, 0];
  for (let row = 0; row < values.length; row++) {
    kept |= values[row]! << bits;
    bits += width;
    while (bits >= 8) {
      out[at++] = kept;
      kept >>>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) out[at] = kept;
  return out;
}

/** What a packed number adds to its row. */
interface Sum {
  /** What the row's value counts. */
  readonly unit: number;
  readonly width: number;
  /** What the number counts. */
  readonly scale: number;
  readonly shift: number;
}

/** Makes of each row's value `unit` times itself, `scale` times its packed number and `shift`. */
export function addBits(rows: Float64Array, packed: Uint8Array, sum: Sum, fail: Fail): void {
  const { unit, width, scale, shift } = sum;
  if (packed.length !== packedBytes(rows.length, width))
    throw fail(`${packed.length} bytes for ${rows.length} numbers of ${width} bits`);
  const mask = (1 << width) - 1;
  let [at, kept, bits] = [0, 0, 0];
  let row = 0;
  // Fast path: two numbers of twenty bits are five bytes.
  if (width === 20)
    for (; row + 1 < rows.length; row += 2, at += 5) {
      const middle = packed[at + 2]!;
      const first = packed[at]! | (packed[at + 1]! << 8) | ((middle & 15) << 16);
      const second = (middle >>> 4) | (packed[at + 3]! << 4) | (packed[at + 4]! << 12);
      rows[row] = rows[row]! * unit + first * scale + shift;
      rows[row + 1] = rows[row + 1]! * unit + second * scale + shift;
    }
  for (; row < rows.length; row++) {
    while (bits < width) {
      kept |= packed[at++]! << bits;
      bits += 8;
    }
    rows[row] = rows[row]! * unit + (kept & mask) * scale + shift;
    kept >>>= width;
    bits -= width;
  }
}

const packedBytes = (count: number, width: number): number => Math.ceil((count * width) / 8);
