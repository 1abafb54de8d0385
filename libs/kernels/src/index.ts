export { isAscii } from "node:buffer";
export { CorruptInput, OutputTooLarge } from "./errors.ts";
export { lz4Compress, lz4Uncompress } from "./lz4.ts";
export { Needle } from "./needle.ts";
export { countRows, newlines, searchRows } from "./search.ts";
export { snappyCompress, snappyUncompress, snappyUncompressedLength } from "./snappy.ts";
export { countMarks, foldMarks, type NeedleWindows, needleWindows, WindowMarks } from "./windows.ts";
