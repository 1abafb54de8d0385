export { StoreConfig } from "./config.ts";
export { dayAt, dayOfIndex, indexKey, indexPrefix, type ObjectName, segmentKey, segmentPrefix } from "./keys.ts";
export { type BlockEntry, Directory } from "./segment/directory.ts";
export { sealBlock } from "./segment/seal-block.ts";
export { openSegmentFile, type SegmentFile } from "./segment/segment-file.ts";
export type { SegmentBlock, SegmentChunk } from "./segment/segment-format.ts";
export { Segment, type SegmentModules, type SkipIndex } from "./segment/segment.ts";
export { type Store, type StoreModules, createStore } from "./store.ts";
export { type WrittenSegment, indexContent, writeIndex, writeSegment } from "./write.ts";
