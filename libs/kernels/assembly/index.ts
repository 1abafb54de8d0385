export { countMarks, foldMarks } from "./fold-marks";
export { lz4Compress } from "./lz4-compress";
export { lz4Uncompress } from "./lz4-uncompress";
export { markWindows } from "./mark-windows";
export { newlines } from "./newlines";
export { searchRows } from "./search-rows";
export { snappyCompress } from "./snappy-compress";
export { snappyUncompress } from "./snappy-uncompress";

/** Where free memory begins. Callers leave 64 bytes between their regions, which kernels may read and overwrite. */
export function heapStart(): usize {
  return (__heap_base + 63) & ~63;
}
