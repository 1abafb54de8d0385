import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MemoryStore } from "@ratatosk/object-store";
import { afterAll, describe, expect, test } from "vitest";
import { Bucket } from "./bucket.ts";
import { chunkKey, filesystemName } from "./chunk-key.ts";
import { findGaps } from "./find-gaps.ts";
import { GapWatch } from "./gap-watch.ts";
import { LokiSource } from "./loki-source.ts";
import { readSchemaConfig } from "./schema-config.ts";
import { sampleBucket, sampleDay } from "./testing/sample-bucket.ts";

const directory = mkdtempSync(join(tmpdir(), "loki-gaps-"));
afterAll(() => rmSync(directory, { recursive: true }));

const { signal } = new AbortController();
const dayMs = 86_400_000;
const morning = Date.parse(sampleDay);
const nanos = (ms: number): bigint => BigInt(ms) * 1_000_000n;
let opened = 0;

function open(objects: MemoryStore, schema: string): Bucket {
  const index = { prefix: "index_", period: "24h" };
  const configs = [{ from: "2020-01-01", store: "tsdb", schema, index }];
  const cacheDirectory = join(directory, String(opened++));
  const periods = readSchemaConfig({ schema_config: { configs } });
  return new Bucket({
    name: "old",
    objects,
    periods,
    cacheDirectory,
    indexCacheBytes: 1e6,
    chunkCacheBytes: 1e6,
    unpacked: { memoryBytes: 0, diskBytes: 0 },
  });
}

/** What an answer for the day of the sample, some days later, says. */
async function warnings(bucket: Bucket, days = 0, tenant = "fake"): Promise<readonly string[]> {
  const watch = new GapWatch(bucket);
  await watch.look(signal);
  const start = nanos(morning + days * dayMs);
  const selection = { tenant, matchers: [], start, end: start + nanos(dayMs) };
  return (await new LokiSource(bucket, {}, watch).select(selection, signal)).warnings;
}

const missing = (which: string, them = "them"): string[] => [
  `the lines of ${which} of ${sampleDay} in an old bucket are missing: no index names ${them}`,
];

describe.each([
  ["S3", "v13", false],
  ["Loki's filesystem store, schema v11", "v11", true],
])("an answer from names as in %s", (_, schema, flat) => {
  const named = (key: string): string => (flat ? filesystemName(key) : key);
  const added = (from: number, through: number, crc = 1, tenant = "fake"): string =>
    named(chunkKey(tenant, 0x5eedn, from, through, crc, flat));

  test("does not warn where the index names all chunks", async () => {
    expect(await warnings(open((await sampleBucket({ flat })).objects, schema))).toEqual([]);
  });

  test("warns where the table is missing, of its time and tenant only", async () => {
    const { objects, index } = await sampleBucket({ flat });
    await objects.delete([index]);
    const bucket = open(objects, schema);
    expect(await warnings(bucket)).toEqual(missing("4 chunks"));
    expect(await warnings(bucket, 1)).toEqual([]);
    expect(await warnings(bucket, 0, "other")).toEqual([]);
  });

  test("warns where the tenant's part of the table is missing", async () => {
    const { objects, index } = await sampleBucket({ flat });
    await objects.put(index.replace("/fake/", "/other/"), await objects.get(index));
    await objects.delete([index]);
    expect(await warnings(open(objects, schema))).toEqual(missing("4 chunks"));
  });

  test("warns of a chunk that the index does not name", async () => {
    const { objects } = await sampleBucket({ flat });
    await objects.put(added(morning + 5, morning + 6), new Uint8Array(1));
    expect(await warnings(open(objects, schema))).toEqual(missing("a chunk", "it"));
  });

  test("warns on both days of a chunk over midnight, and of one that ends with the day on that day", async () => {
    const { objects } = await sampleBucket({ flat });
    const night = morning + dayMs;
    await objects.put(added(night - 2, night), new Uint8Array(1));
    const bucket = open(objects, schema);
    expect(await warnings(bucket)).toEqual(missing("a chunk", "it"));
    await objects.put(added(night - 2, night + 1, 2), new Uint8Array(1));
    const over = [
      `the lines of 2 chunks of ${sampleDay} to 2026-01-16 in an old bucket are missing: no index names them`,
    ];
    expect(await warnings(bucket)).toEqual(over);
    expect(await warnings(bucket, 1)).toEqual(over);
  });

  test("does not warn of a chunk so young that its index may be on its way", async () => {
    const { objects } = await sampleBucket({ flat });
    await objects.put(added(morning + 5, Date.now() - 60_000), new Uint8Array(1));
    expect(await warnings(open(objects, schema))).toEqual([]);
  });
});

test("of an index that is damaged the answer tells once", async () => {
  const { objects, index } = await sampleBucket();
  await objects.put(index, (await objects.get(index)).subarray(0, 100));
  expect(await warnings(open(objects, "v13"))).toEqual([expect.stringContaining("could not be read")]);
});

test("names that no Loki wrote harm nobody", async () => {
  const { objects } = await sampleBucket();
  for (const name of ["0:ffffffffffffffff:1", "ffffffffffffffff:ffffffffffffffff:1", "9:1:1", "0:0:0", "x"])
    await objects.put(`fake/5eed/${name}`, new Uint8Array(1));
  await objects.put("index/index_99999999999999999999999/fake/a.tsdb.gz", new Uint8Array(1));
  await objects.put("index/index_-1/fake/a.tsdb.gz", new Uint8Array(1));
  const bucket = open(objects, "v13");
  expect(await warnings(bucket)).toEqual([]);
  expect(await bucket.indexObjects(0, Infinity)).toHaveLength(1);
});

test("a tenant with too many chunks is not looked at", async () => {
  const { objects, index } = await sampleBucket();
  await objects.delete([index]);
  const bucket = open(objects, "v13");
  const search = { untilMs: Date.now(), signal };
  expect(await findGaps(bucket, "fake", { ...search, mostChunks: 4 })).toHaveLength(1);
  expect(await findGaps(bucket, "fake", { ...search, mostChunks: 3 })).toBeUndefined();
});
