import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bytes } from "@ratatosk/config";
import { RatatoskError, type ChunkSource } from "@ratatosk/model";
import { createObjectStore, StorageConfig } from "@ratatosk/object-store";
import type { Service } from "@ratatosk/service";
import { parse } from "yaml";
import { z } from "zod";
import { Bucket } from "./bucket.ts";
import { GapWatch } from "./gap-watch.ts";
import { LokiSource } from "./loki-source.ts";
import { OldBucket } from "./old-bucket.ts";
import { type Period, readSchemaConfig } from "./schema-config.ts";

/** An entry of `storage.loki_buckets`: an old Loki bucket whose lines take part in every query. */
export const LokiBucketConfig = StorageConfig.extend({
  schema_config: z.string().describe("YAML file with the `schema_config` that the bucket was written with."),
  tenants: z
    .record(z.string(), z.string())
    .prefault({})
    .describe("Old tenants, each with its name here; without any all keep their names."),
  cache_directory: z
    .string()
    .prefault("./data/loki-cache")
    .describe("Where index files and chunks are kept; buckets and processes may share it."),
  index_cache_size: bytes.prefault("10GB").describe("Most bytes of index files kept, unpacked."),
  chunk_cache_size: bytes.prefault("1GB").describe("Most bytes of chunks kept."),
  unpacked_cache_size: bytes
    .prefault("1GB")
    .describe(
      "Most bytes kept, while a query runs, of blocks that it reads several times and that do not fit in memory.",
    ),
});
/** Of blocks that queries read several times, for each bucket. */
const unpackedMemoryBytes = 64 * 2 ** 20;
export type LokiBucketConfig = z.infer<typeof LokiBucketConfig>;

/** An old bucket as a source of queries, and what watches it. Throws bad_request when its schema_config cannot be read. */
export function openLokiBucket(config: LokiBucketConfig): { source: ChunkSource; watch: Service } {
  const bucket = openBucket(config);
  const watch = new GapWatch(bucket);
  return { source: new LokiSource(bucket, config.tenants, watch), watch };
}

/** An old bucket for whoever reads all of it. Throws bad_request when its schema_config cannot be read. */
export function openOldBucket(config: LokiBucketConfig): OldBucket {
  return new OldBucket(openBucket(config));
}

/** How a bucket is called in what people read. */
export const bucketName = ({ s3, filesystem }: LokiBucketConfig): string =>
  s3 ? `${s3.endpoint}/${s3.bucket}` : filesystem.directory;

function openBucket(config: LokiBucketConfig): Bucket {
  const name = bucketName(config);
  return new Bucket({
    name,
    objects: createObjectStore(config, { isForeign: true }),
    periods: readPeriods(config.schema_config),
    cacheDirectory: join(config.cache_directory, digest(name)),
    indexCacheBytes: config.index_cache_size,
    chunkCacheBytes: config.chunk_cache_size,
    unpacked: { memoryBytes: unpackedMemoryBytes, diskBytes: config.unpacked_cache_size },
  });
}

/** Buckets may share a directory, and names of objects. */
const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

function readPeriods(path: string): Period[] {
  try {
    return readSchemaConfig(parse(readFileSync(path, "utf8"), { prettyErrors: false }));
  } catch (error) {
    throw new RatatoskError("bad_request", `schema_config ${path}: ${(error as Error).message}`);
  }
}
