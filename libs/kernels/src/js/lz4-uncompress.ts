import { copyBack } from "./snappy-uncompress.ts";

/**
 * Decodes an LZ4 block into `out`; false unless it fills it exactly.
 *   ┌────────────────────────────────┬──────────────┬──────────┬──────────────┬─────────────┐
 *   │ token: literals, match - 4 <4> │ literals' +  │ literals │ offset <u16> │ match's +   │
 *   └────────────────────────────────┴──────────────┴──────────┴──────────────┴─────────────┘
 * A length of 15 goes on in bytes that are added, up to one below 255. The last sequence ends after its literals.
 */
export function lz4Uncompress(input: Uint8Array, out: Uint8Array): boolean {
  let from = 0;
  let to = 0;
  while (from < input.length) {
    const token = input[from++]!;
    let literals = token >>> 4;
    if (literals === 15) for (let more = 255; more === 255; literals += more) more = input[from++] ?? -1e9;
    if (literals < 0 || literals > input.length - from || literals > out.length - to) return false;
    out.set(input.subarray(from, from + literals), to);
    from += literals;
    to += literals;
    if (from === input.length) return to === out.length;
    if (from + 2 > input.length) return false;
    const offset = input[from]! + (input[from + 1]! << 8);
    from += 2;
    let length = (token & 15) + 4;
    if (length === 19) for (let more = 255; more === 255; length += more) more = input[from++] ?? -1e9;
    if (length < 0 || offset === 0 || offset > to || length > out.length - to) return false;
    copyBack(out, to, offset, length);
    to += length;
  }
  return false;
}
