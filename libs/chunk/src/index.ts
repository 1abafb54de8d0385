export { type Batch, type BatchId, type BatchStream } from "./batch.ts";
export { decodeBatch, encodeBatch } from "./batch-codec.ts";
export { BlockBuilder, type ExpectedSize } from "./block-builder.ts";
export {
  type ColumnKind,
  type ColumnsBlock,
  type StoredColumn,
  decodeBlock,
  encodeBlock,
  maxColumnBytes,
  openColumn,
  packBlock,
  packColumn,
  wantsColumn,
} from "./block-codec.ts";
export { type Codec, codecNumber, codecOf } from "./codec.ts";
export { extentOf, levelsOf } from "./extent.ts";
export { freshMemory, type Memory, Scratch } from "./scratch.ts";
export { sortBlock, takeRows } from "./sort-block.ts";
