import { readFileSync } from "node:fs";

/** A file of `testdata`, as Loki wrote it. */
export const testdata = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../testdata/${name}`, import.meta.url)));

/** Numbers in [0, 1) that depend on the seed alone. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy with a few bytes changed, cut or doubled. */
export function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--)
    copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  return random() < 0.2 ? copy.subarray(0, Math.floor(random() * copy.length)) : copy;
}
