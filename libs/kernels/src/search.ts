import { kernels } from "./kernels.ts";
import type { Needle } from "./needle.ts";

/**
 * Writes the rows whose line holds the needle into `out`, ascending, and returns how many they are. Line i is
 * `lines[offsets[i] … offsets[i + 1] - 1)`, and a match lies inside one line. `out` has room for every row.
 */
export function searchRows(lines: Uint8Array, offsets: Uint32Array, needle: Needle, out: Uint32Array): number {
  if (needle.bytes.length > 0) return kernels.searchRows(lines, offsets, needle, out);
  for (let row = 0; row + 1 < offsets.length; row++) out[row] = row;
  return Math.max(offsets.length - 1, 0);
}

/** How many lines hold the needle; see `searchRows`. */
export function countRows(lines: Uint8Array, offsets: Uint32Array, needle: Needle): number {
  if (needle.bytes.length > 0) return kernels.searchRows(lines, offsets, needle, undefined);
  return Math.max(offsets.length - 1, 0);
}

/** Writes the positions of the `\n` bytes into `out`, as many as it has room for; returns how many it wrote. */
export const newlines = (bytes: Uint8Array, out: Uint32Array): number => kernels.newlines(bytes, out);
