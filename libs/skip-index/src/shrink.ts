import type { Marks } from "@ratatosk/kernels";
import { unitBytes } from "./format.ts";

/** How full a map is to be, and how large at most. */
export interface MapSize {
  /** Share of the bits that are set. */
  readonly fill: number;
  readonly maxBits: number;
}

/** A map so full lets almost every needle pass: it is left out. */
const uselessFill = 0.85;
const unitBits = 8 * unitBytes;

/** A bitmap of the marks: as small as its fill allows, empty where it would be of no use. */
export function shrink(marks: Marks, { fill, maxBits }: MapSize): Uint8Array {
  // Neighbours share a bit: where n do, it stays clear with the n-th power of the chance of one.
  const clear = Math.log1p(-marks.count / marks.of) * marks.of;
  const ideal = Math.min(clear / Math.log1p(-fill), maxBits, marks.of);
  const bits = Math.max(1, Math.ceil(ideal / unitBits)) * unitBits;
  return 1 - Math.exp(clear / bits) > uselessFill ? new Uint8Array() : marks.fold(bits);
}
