import { type NeedleWindows, needleWindows } from "@ratatosk/kernels";
import { groupHashes, readSkip, wordHashes } from "./format.ts";

/** Bytes that are looked for in many blocks: hashed once. */
export class SkipNeedle {
  readonly #windows: NeedleWindows;

  constructor(needle: Uint8Array) {
    this.#windows = needleWindows(needle);
  }

  /** False where no line of the skip index's block holds the needle. True for an index that cannot be read. */
  mayBeIn(skip: Uint8Array): boolean {
    const maps = readSkip(skip);
    if (maps === undefined) return true;
    const { words, groups } = this.#windows;
    return hasAll(maps.words, words, wordHashes) && hasAll(maps.groups, groups, groupHashes);
  }
}

/** Whether a line of the skip index's block may hold the needle, whose bytes never change: they are hashed once. */
export function mayContain(skip: Uint8Array, needle: Uint8Array): boolean {
  let known = needles.get(needle);
  if (known === undefined) needles.set(needle, (known = new SkipNeedle(needle)));
  return known.mayBeIn(skip);
}

const needles = new WeakMap<Uint8Array, SkipNeedle>();

function hasAll(map: Uint8Array, hashes: readonly number[], of: number): boolean {
  if (map.length === 0) return true;
  const scale = (map.length * 8) / of;
  return hashes.every((hash) => {
    const bit = Math.floor(hash * scale);
    return (map[bit >>> 3]! & (1 << (bit & 7))) !== 0;
  });
}
