import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RatatoskError } from "@ratatosk/model";
import { FilesystemStore, MemoryStore, type ObjectStore } from "@ratatosk/object-store";
import { afterAll, expect, test, vi } from "vitest";
import { Bucket } from "./bucket.ts";
import { keyOfFile, filesystemName, parseChunkKey } from "./chunk-key.ts";
import { GapWatch } from "./gap-watch.ts";
import { LokiSource } from "./loki-source.ts";
import { readSchemaConfig } from "./schema-config.ts";
import { sampleBucket } from "./testing/sample-bucket.ts";
import { testdata } from "./testing/testdata.ts";

const directory = mkdtempSync(join(tmpdir(), "loki-hostile-"));
afterAll(() => rmSync(directory, { recursive: true }));

const periods = readSchemaConfig({
  schema_config: {
    configs: [{ from: "2020-01-01", store: "tsdb", schema: "v13", index: { prefix: "index_", period: "24h" } }],
  },
});
const selection = { tenant: "fake", matchers: [], start: 1768435200n * 10n ** 9n, end: 1768521600n * 10n ** 9n };
const signal = new AbortController().signal;

async function sourceOver(objects: ObjectStore, name: string): Promise<LokiSource> {
  const bucket = new Bucket({
    name: "old",
    objects,
    periods,
    cacheDirectory: join(directory, name),
    indexCacheBytes: 1e6,
    chunkCacheBytes: 1e6,
    unpacked: { memoryBytes: 0, diskBytes: 0 },
  });
  return new LokiSource(bucket, {}, new GapWatch(bucket));
}

test("an index that is damaged is a warning, and the others are read", async () => {
  const objects = new MemoryStore();
  await objects.put("index/index_20468/fake/good.tsdb.gz", testdata("tsdb-v3.gz"));
  await objects.put("index/index_20468/fake/cut.tsdb.gz", testdata("tsdb-v3.gz").subarray(0, 900));
  await objects.put("index/index_20468/fake/empty.tsdb.gz", new Uint8Array());
  const { chunks, warnings } = await (await sourceOver(objects, "damaged")).select(selection, signal);
  expect(chunks.length).toBe(63);
  expect(warnings.join("\n")).toMatch(/cut[^]*empty|empty[^]*cut/);
});

test("a bucket that does not exist is a warning", async () => {
  const store = new FilesystemStore(join(directory, "nowhere"), { isForeign: true });
  const { warnings } = await (await sourceOver(store, "none")).select(selection, signal);
  expect(warnings).toEqual(["an old bucket cannot be read: the directory does not exist"]);
});

test("a chunk that the index names and the bucket lacks is not_found", async () => {
  const objects = new MemoryStore();
  await objects.put("index/index_20468/fake/good.tsdb.gz", testdata("tsdb-v3.gz"));
  const { chunks } = await (await sourceOver(objects, "missing")).select(selection, signal);
  await expect(chunks[0]!.blocks(signal)).rejects.toMatchObject({ code: "not_found" });
});

test("a chunk that is damaged is corrupt, and named", async () => {
  const { objects, chunks: keys } = await sampleBucket();
  await objects.put(keys[0]!, (await objects.get(keys[0]!)).subarray(0, 100));
  const { chunks } = await (await sourceOver(objects, "chunk")).select(selection, signal);
  const reads = await Promise.allSettled(chunks.map((chunk) => chunk.blocks(signal)));
  expect(reads.filter(({ status }) => status === "rejected")).toMatchObject([
    { reason: { code: "corrupt", message: `${keys[0]}: loki chunk: checksum differs from the key's` } },
  ]);
});

test("chunks are found under the names of Loki's filesystem store", () => {
  for (const key of [
    "fake/1066ee20d0628acc/19bc1190100:19bc1226359:89541d1d",
    "fake/9e72:19bc1190100:19bc12a6621:a9d1cb12",
  ]) {
    const name = filesystemName(key);
    expect(name).not.toBe(key);
    expect(keyOfFile(name)).toBe(key);
    expect(parseChunkKey(key)).toMatchObject({ fromMs: 0x19bc1190100 });
  }
  expect(filesystemName("fake/22aa23ab1a3effef/19bc11d94e0:19bc12b5080:5ebb5b513")).toMatch(
    /^fake\/22aa23ab1a3effef\/[A-Za-z0-9+=]+$/,
  );
});

test("while a bucket does not answer, only what touches its tables fails, and says so", async () => {
  vi.useFakeTimers({ now: 0 });
  const objects = new MemoryStore();
  await objects.put("index/index_20468/fake/good.tsdb.gz", testdata("tsdb-v3.gz"));
  const source = await sourceOver(objects, "away");
  const later = { ...selection, start: selection.end, end: selection.end + 1n };
  const away = (): never => {
    throw new RatatoskError("unavailable", "object store: connect ECONNREFUSED");
  };
  await source.select(later, signal);
  Object.assign(objects, { folders: async () => away(), list: away });
  vi.setSystemTime(120_000);
  expect(await source.select(later, signal)).toEqual({ chunks: [], warnings: [] });
  await expect(source.select(selection, signal)).rejects.toThrow(
    "an old bucket cannot be read: object store: connect ECONNREFUSED",
  );
  vi.useRealTimers();
});
