export { packedBlock } from "../block.ts";
export { BoltIndex } from "../bolt-index.ts";
export { readChunkObject } from "../chunk-object.ts";
export { crc32c } from "../crc32c.ts";
export { TsdbIndex } from "../tsdb-index.ts";
export { writeChunk, type WrittenEntry } from "./chunk-writer.ts";
export { openSample, sampleBucket, sampleDay, sampleSource } from "./sample-bucket.ts";
