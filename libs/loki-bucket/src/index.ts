export { decodeLokiBlock, type LokiBlock } from "./block.ts";
export { Bucket, type BucketOptions, type ChunkObject, type Table } from "./bucket.ts";
export { bucketName, LokiBucketConfig, openLokiBucket, openOldBucket } from "./config.ts";
export type { Gap } from "./find-gaps.ts";
export { type IndexDamage, indexWarning } from "./find-series.ts";
export { LokiSource, type TenantMap } from "./loki-source.ts";
export { OldBucket, type OldChunk, type OldStream } from "./old-bucket.ts";
export { type Period, readSchemaConfig } from "./schema-config.ts";
export type { IndexedChunk } from "./table.ts";
