export { isAscii } from "node:buffer";
export { CorruptInput, OutputTooLarge } from "./errors.ts";
export { lz4Compress, lz4Uncompress } from "./lz4.ts";
export { Needle } from "./needle.ts";
export { countRows, newlines, searchRows } from "./search.ts";
export { snappyCompress, snappyUncompress, snappyUncompressedLength } from "./snappy.ts";
export { FewWindows, ManyWindows, type Marks, type NeedleWindows, needleWindows, type WindowMarks } from "./windows.ts";
