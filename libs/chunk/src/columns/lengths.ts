import type { Fail } from "@ratatosk/bytes";
import { freshMemory, type Memory } from "../scratch.ts";

const maxBytes = 5;

/** Lengths of a block's lines, without their `\n`, as varints. */
export function encodeLengths(offsets: Uint32Array): Uint8Array<ArrayBuffer> {
  const count = Math.max(offsets.length - 1, 0);
  const out = new Uint8Array(count * maxBytes);
  let at = 0;
  for (let row = 0; row < count; row++) {
    let rest = offsets[row + 1]! - offsets[row]! - 1;
    while (rest > 0x7f) {
      out[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    out[at++] = rest;
  }
  return out.slice(0, at);
}

/** The offsets of the lines; their sum is at most `maxTotal`. */
export function decodeOffsets(
  bytes: Uint8Array,
  count: number,
  maxTotal: number,
  fail: Fail,
  memory: Memory = freshMemory,
): Uint32Array<ArrayBuffer> {
  if (count > bytes.length) throw fail(`${count} lengths in ${bytes.length} bytes`);
  const offsets = memory.words(count + 1);
  offsets[0] = 0;
  let at = 0;
  let total = 0;
  for (let row = 0; row < count; row++) {
    let byte = bytes[at++]!;
    let length = byte & 0x7f;
    for (let scale = 128; byte >= 0x80; scale *= 128) {
      byte = bytes[at++] ?? 0;
      length += (byte & 0x7f) * scale;
    }
    total += length + 1;
    if (total > maxTotal) throw fail(`lengths exceed ${maxTotal} bytes`);
    offsets[row + 1] = total;
  }
  if (at !== bytes.length) throw fail(`${bytes.length - at} bytes after the last length`);
  return offsets;
}
