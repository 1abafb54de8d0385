import type { Fail } from "@ratatosk/bytes";
import { freshMemory, type Memory } from "../scratch.ts";

const maxBytes = 9;

/**
 * Times of a block's rows, each as its distance from the row before (the first from `origin`).
 *   first byte: bit 0 sign, bits 1–6 the distance's lowest six bits, bit 7 says that more follow
 *   then seven bits a byte, the lowest first
 */
export function encodeTimestamps(deltas: Float64Array, origin: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(deltas.length * maxBytes);
  let at = 0;
  let previous = origin;
  for (let row = 0; row < deltas.length; row++) {
    const delta = deltas[row]!;
    let rest = delta - previous;
    previous = delta;
    let sign = 0;
    if (rest < 0) {
      rest = -rest;
      sign = 1;
    }
    if (rest < 64) {
      out[at++] = (rest << 1) | sign;
      continue;
    }
    out[at++] = ((rest % 64) << 1) | sign | 0x80;
    rest = Math.floor(rest / 64);
    while (rest > 0x7fffffff) {
      out[at++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      out[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    out[at++] = rest;
  }
  return out.slice(0, at);
}

/** The rows' distances from the origin. */
export function decodeTimestamps(
  bytes: Uint8Array,
  count: number,
  fail: Fail,
  memory: Memory = freshMemory,
): Float64Array<ArrayBuffer> {
  if (count > bytes.length) throw fail(`${count} times in ${bytes.length} bytes`);
  const deltas = memory.floats(count);
  let at = 0;
  let previous = 0;
  for (let row = 0; row < count; row++) {
    const first = bytes[at++]!;
    let distance = (first & 0x7e) >>> 1;
    if (first >= 0x80) {
      let scale = 64;
      let byte: number;
      do {
        if (at >= bytes.length || scale > 2 ** 55) throw fail(`time ${row} is cut off or too large`);
        byte = bytes[at++]!;
        distance += (byte & 0x7f) * scale;
        scale *= 128;
      } while (byte >= 0x80);
    }
    previous += (first & 1) === 0 ? distance : -distance;
    deltas[row] = previous;
  }
  if (at !== bytes.length) throw fail(`${bytes.length - at} bytes after the last time`);
  return deltas;
}
