import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { MemoryStore, type ObjectStore } from "@ratatosk/object-store";
import { Bucket } from "../bucket.ts";
import { chunkKey, filesystemName } from "../chunk-key.ts";
import { type LokiChunk, readChunkObject } from "../chunk-object.ts";
import { crc32c } from "../crc32c.ts";
import { GapWatch } from "../gap-watch.ts";
import { LokiSource } from "../loki-source.ts";
import { OldBucket } from "../old-bucket.ts";
import { readSchemaConfig } from "../schema-config.ts";
import { testdata } from "./testdata.ts";
import { type WrittenSeries, writeTsdb } from "./tsdb-writer.ts";

const chunks = ["v3-gzip", "v3-snappy", "v4-lz4-256k", "v4-zstd"];
const schema = { store: "tsdb", schema: "v13", index: { prefix: "index_", period: "24h" } };
const nanosPerMs = 1_000_000n;

/** The day of the sample's chunks. */
export const sampleDay = "2026-01-15";
const indexKey = `index/index_${Date.parse(sampleDay) / 86_400_000}/fake/one.tsdb.gz`;

/**
 * A bucket of tenant `fake` with four chunks that Loki wrote and an index that names them. `flat` names the chunks as
 * Loki's filesystem store did before schema v12.
 */
export async function sampleBucket({ flat = false, chunks: count = chunks.length } = {}): Promise<{
  objects: MemoryStore;
  index: string;
  chunks: string[];
}> {
  const objects = new MemoryStore();
  const series: WrittenSeries[] = [];
  const keys: string[] = [];
  for (const [at, name] of chunks.slice(0, count).entries()) {
    const object = testdata(`${name}.chunk`);
    const { labels, ...chunk } = readChunkObject(object);
    const one = { ...timesOf(chunk), crc: crc32c(object) };
    const key = chunkKey("fake", BigInt(at + 1), one.from, one.through, one.crc, flat);
    keys.push(flat ? filesystemName(key) : key);
    await objects.put(keys.at(-1)!, object);
    series.push({ labels, fingerprint: BigInt(at + 1), chunks: [one] });
  }
  await objects.put(indexKey, tsdbOf(series));
  return { objects, index: indexKey, chunks: keys };
}

function timesOf({ blocks }: Pick<LokiChunk, "blocks">): { from: number; through: number; entries: number } {
  const from = blocks.reduce((low, { minTime }) => (minTime < low ? minTime : low), blocks[0]!.minTime);
  const through = blocks.reduce((high, { maxTime }) => (maxTime > high ? maxTime : high), blocks[0]!.maxTime);
  const entries = blocks.reduce((sum, block) => sum + block.entries, 0);
  return { from: Number(from / nanosPerMs), through: Number((through + nanosPerMs - 1n) / nanosPerMs), entries };
}

function tsdbOf(series: readonly WrittenSeries[]): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), "loki-sample-"));
  const path = join(directory, "one.tsdb");
  writeTsdb(path, () => series);
  const bytes = gzipSync(readFileSync(path));
  rmSync(directory, { recursive: true });
  return bytes;
}

/** Opens the sample, its cache in a directory. `version` is that of the schema. */
export function openSample(objects: ObjectStore, cacheDirectory: string, version = 13): OldBucket {
  return new OldBucket(bucketOver(objects, cacheDirectory, version));
}

function bucketOver(objects: ObjectStore, cacheDirectory: string, version = 13): Bucket {
  const configs = [{ ...schema, schema: `v${version}`, from: "2020-01-01" }];
  const periods = readSchemaConfig({ schema_config: { configs } });
  return new Bucket({ name: "sample", objects, periods, cacheDirectory, indexCacheBytes: 0, chunkCacheBytes: 0 });
}

/** The sample as a source of queries. */
export const sampleSource = (objects: ObjectStore, cacheDirectory: string): LokiSource => {
  const bucket = bucketOver(objects, cacheDirectory);
  return new LokiSource(bucket, {}, new GapWatch(bucket));
};
