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
import type { SpillLimits } from "../spill-store.ts";
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
 * Loki's filesystem store did before schema v12. `others` are more chunks, of streams of their own.
 */
export async function sampleBucket({
  flat = false,
  chunks: count = chunks.length,
  others = [],
}: { flat?: boolean; chunks?: number; others?: readonly Uint8Array[] } = {}): Promise<{
  objects: MemoryStore;
  index: string;
  chunks: string[];
}> {
  const objects = new MemoryStore();
  const series: WrittenSeries[] = [];
  const keys: string[] = [];
  const written = chunks.slice(0, count).map((name) => testdata(`${name}.chunk`));
  for (const [at, object] of [...written, ...others].entries()) {
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
  return new OldBucket(bucketOver(objects, cacheDirectory, { version }));
}

const noRoom = { memoryBytes: 0, diskBytes: 0 };

function bucketOver(
  objects: ObjectStore,
  cacheDirectory: string,
  { version = 13, unpacked = noRoom }: { version?: number; unpacked?: SpillLimits } = {},
): Bucket {
  const configs = [{ ...schema, schema: `v${version}`, from: "2020-01-01" }];
  const periods = readSchemaConfig({ schema_config: { configs } });
  const caches = { cacheDirectory, indexCacheBytes: 0, chunkCacheBytes: 0, unpacked };
  return new Bucket({ name: "sample", objects, periods, ...caches });
}

/** The sample as a source of queries; `unpacked` is how much may be kept of blocks that are read several times. */
export function sampleSource(
  objects: ObjectStore,
  cacheDirectory: string,
  unpacked?: SpillLimits,
): LokiSource & { readonly bucket: Bucket } {
  const bucket = bucketOver(objects, cacheDirectory, { ...(unpacked && { unpacked }) });
  return Object.assign(new LokiSource(bucket, {}, new GapWatch(bucket)), { bucket });
}
