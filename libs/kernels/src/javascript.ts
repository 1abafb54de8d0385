import { countMarks, foldMarks } from "./js/fold-marks.ts";
import { lz4Compress, lz4MaxBytes } from "./js/lz4-compress.ts";
import { lz4Uncompress } from "./js/lz4-uncompress.ts";
import { markWindows } from "./js/mark-windows.ts";
import { newlines } from "./js/newlines.ts";
import { searchRows } from "./js/search-rows.ts";
import { snappyCompress, snappyMaxBytes } from "./js/snappy-compress.ts";
import { snappyUncompress } from "./js/snappy-uncompress.ts";
import type { Kernels } from "./kernels.ts";

/** The plain twins: for engines without WebAssembly SIMD, and to compare with. */
export const javascript: Kernels = {
  snappyUncompress(input, bodyAt, rawBytes) {
    const out = new Uint8Array(rawBytes);
    return snappyUncompress(input, bodyAt, out) ? out : undefined;
  },
  snappyCompress(input) {
    const out = new Uint8Array(snappyMaxBytes(input.length));
    return out.slice(0, snappyCompress(input, out));
  },
  lz4Uncompress(input, rawBytes) {
    const out = new Uint8Array(rawBytes);
    return lz4Uncompress(input, out) ? out : undefined;
  },
  lz4Compress(input) {
    const out = new Uint8Array(lz4MaxBytes(input.length));
    return out.slice(0, lz4Compress(input, out));
  },
  searchRows,
  newlines,
  markWindows,
  countMarks,
  foldMarks,
};
