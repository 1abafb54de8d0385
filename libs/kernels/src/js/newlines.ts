/** Writes the positions of the `\n` bytes into `out`; returns how many there are. Stops where `out` is full. */
export function newlines(bytes: Uint8Array, out: Uint32Array): number {
  let found = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0 && found < out.length; at = bytes.indexOf(0x0a, at + 1)) out[found++] = at;
  return found;
}
