import { lower, type Needle } from "../needle.ts";

/** Writes the rows whose line holds the needle into `out` if there is one, ascending; returns how many. */
export function searchRows(
  lines: Uint8Array,
  offsets: Uint32Array,
  needle: Needle,
  out: Uint32Array | undefined,
): number {
  const find = needle.ignoreCase ? findIgnoringCase : findExactly;
  const size = needle.bytes.length;
  let found = 0;
  let at = 0;
  for (let row = 0; row + 1 < offsets.length; row++) {
    const end = offsets[row + 1]! - 1;
    if (at < offsets[row]!) at = offsets[row]!;
    if (at + size > end) continue;
    at = find(lines, needle.bytes, at);
    if (at < 0) break;
    if (at + size > end) continue;
    if (out !== undefined) out[found] = row;
    found++;
  }
  return found;
}

function findExactly(lines: Uint8Array, needle: Uint8Array, from: number): number {
  return Buffer.from(lines.buffer, lines.byteOffset, lines.length).indexOf(needle, from);
}

function findIgnoringCase(lines: Uint8Array, needle: Uint8Array, from: number): number {
  for (let at = from; at + needle.length <= lines.length; at++) {
    let same = 0;
    while (same < needle.length && lower(lines[at + same]!) === needle[same]) same++;
    if (same === needle.length) return at;
  }
  return -1;
}
