export { decodeLokiBlock, type LokiBlock } from "./block.ts";
export { Bucket, type BucketOptions } from "./bucket.ts";
export { LokiBucketConfig, openLokiBucket } from "./config.ts";
export { LokiSource, type TenantMap } from "./loki-source.ts";
export { type Period, readSchemaConfig } from "./schema-config.ts";
