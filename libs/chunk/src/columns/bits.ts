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

/** Adds `scale` times each packed number to the row's value, and `shift` to all. */
export function addBits(
  rows: Float64Array,
  packed: Uint8Array,
  { width, scale, shift }: { readonly width: number; readonly scale: number; readonly shift: number },
  fail: Fail,
): void {
  if (packed.length !== packedBytes(rows.length, width))
    throw fail(`${packed.length} bytes for ${rows.length} numbers of ${width} bits`);
  const mask = (1 << width) - 1;
  let [at, kept, bits] = [0, 0, 0];
  for (let row = 0; row < rows.length; row++) {
    while (bits < width) {
      kept |= packed[at++]! << bits;
      bits += 8;
    }
    rows[row] = rows[row]! + (kept & mask) * scale + shift;
    kept >>>= width;
    bits -= width;
  }
}

const packedBytes = (count: number, width: number): number => Math.ceil((count * width) / 8);
