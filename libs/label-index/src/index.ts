export { buildIndex } from "./build-index.ts";
export type { IndexContent, IndexedChunk, IndexedSegment } from "./index-content.ts";
export { type ChunkHit, type IndexHit, LabelIndex, type TimeRange } from "./label-index.ts";
export { type ValueTest, labelsTest, valueTest } from "./matcher.ts";
