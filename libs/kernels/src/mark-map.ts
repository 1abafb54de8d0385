import { kernels } from "./kernels.ts";
import type { Marks } from "./windows.ts";

/** Marks as a byte for each hash. */
export class MarkMap implements Marks {
  readonly map: Uint8Array<ArrayBuffer>;

  constructor(of: number) {
    this.map = new Uint8Array(of);
  }

  get of(): number {
    return this.map.length;
  }

  get count(): number {
    return kernels.countMarks(this.map);
  }

  fold(bits: number): Uint8Array<ArrayBuffer> {
    return kernels.foldMarks(this.map, bits);
  }
}
