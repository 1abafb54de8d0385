import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { openSample, sampleBucket, sampleDay } from "@ratatosk/loki-bucket/testing";
import type { MemoryStore } from "@ratatosk/object-store";
import { afterAll, expect, test } from "vitest";
import { oldTableSizes } from "./old-tables.ts";
import { verifyOldTenant } from "./old-verify.ts";
import type { Finding } from "./verify.ts";

const directory = mkdtempSync(join(tmpdir(), "old-verify-"));
afterAll(() => rmSync(directory, { recursive: true }));

const gzipHeaderBytes = 10;
const { signal } = new AbortController();
let opened = 0;
const open = (objects: MemoryStore, version?: number) =>
  openSample(objects, join(directory, String(opened++)), version);

async function findings(objects: MemoryStore): Promise<Finding[]> {
  const found: Finding[] = [];
  const bucket = open(objects);
  for (const tenant of await bucket.tenants())
    await verifyOldTenant(tenant, { bucket, found: (one) => found.push(one), progress: () => undefined, signal });
  return found;
}

interface Sample {
  readonly objects: MemoryStore;
  readonly index: string;
  readonly chunks: string[];
}
type Damage = (sample: Sample) => Promise<void>;
type Target = "index" | "chunk";

const keyOf = ({ index, chunks }: Sample, target: Target): string => (target === "index" ? index : chunks[2]!);
const edit =
  (target: Target, change: (bytes: Uint8Array) => Uint8Array): Damage =>
  async (sample) =>
    sample.objects.put(keyOf(sample, target), change(await sample.objects.get(keyOf(sample, target))));
const flip = (target: Target): Damage =>
  edit(target, (bytes) => {
    bytes[bytes.length >> 1]! ^= 4;
    return bytes;
  });
const remove =
  (target: Target): Damage =>
  (sample) =>
    sample.objects.delete([keyOf(sample, target)]);

test("an old bucket without damage has no findings", async () => {
  expect(await findings((await sampleBucket()).objects)).toEqual([]);
});

test.each<[what: string, kinds: Record<string, number>, damage: Damage]>([
  ["a chunk that is cut", { damaged: 1 }, edit("chunk", (bytes) => bytes.subarray(0, 200))],
  ["a chunk that is empty", { damaged: 1 }, edit("chunk", () => new Uint8Array())],
  ["a flipped bit in a chunk", { damaged: 1 }, flip("chunk")],
  ["a chunk that is missing", { missing: 1 }, remove("chunk")],
  ["an index that is cut", { damaged: 1, unindexed: 4 }, edit("index", (bytes) => bytes.subarray(0, 200))],
  ["an index that is empty", { damaged: 1, unindexed: 4 }, edit("index", () => new Uint8Array())],
  ["a missing index", { unindexed: 4 }, remove("index")],
  [
    "a chunk that no index names",
    { unindexed: 1 },
    async ({ objects, chunks }) => objects.put(chunks[0]!.replace("/1/", "/9/"), await objects.get(chunks[0]!)),
  ],
  [
    "a chunk of another stream",
    { damaged: 1 },
    async ({ objects, chunks }) => objects.put(chunks[0]!, await objects.get(chunks[1]!)),
  ],
])("%s is found", async (_, kinds, damage) => {
  const sample = await sampleBucket();
  await damage(sample);
  const found = await findings(sample.objects);
  const counted = Map.groupBy(found, ({ kind }) => kind);
  expect(Object.fromEntries([...counted].map(([kind, { length }]) => [kind, length]))).toEqual(kinds);
});

/** Some bits of a packed file mean nothing. */
function isSame(packed: Uint8Array, whole: Uint8Array): boolean {
  try {
    return gunzipSync(packed).equals(gunzipSync(whole));
  } catch {
    return false;
  }
}

test("a flipped bit anywhere in an index is found", async () => {
  const { objects, index } = await sampleBucket();
  const whole = await objects.get(index);
  const unseen: number[] = [];
  for (let at = gzipHeaderBytes; at < whole.length; at += 3) {
    const copy = whole.slice();
    copy[at]! ^= 1;
    if (isSame(copy, whole)) continue;
    await objects.put(index, copy);
    if ((await findings(objects)).length === 0) unseen.push(at);
  }
  expect(unseen).toEqual([]);
});

test("sizes of a day are told, also where its index is lost", async () => {
  const { objects, index } = await sampleBucket();
  const told = { tenant: "fake", day: sampleDay, store: "tsdb v13", streams: 3, chunks: 4, objects: 4, indexes: 1 };
  expect(await oldTableSizes(open(objects), "fake")).toMatchObject([told]);
  await objects.delete([index]);
  const lost = { streams: 0, chunks: 0, entries: undefined, objects: 4, indexes: 0 };
  expect(await oldTableSizes(open(objects), "fake")).toMatchObject([{ ...told, ...lost }]);
});

test("flat names of Loki's filesystem store are understood, with an index and without", async () => {
  const { objects, index } = await sampleBucket({ flat: true });
  expect(await oldTableSizes(open(objects, 11), "fake")).toMatchObject([{ chunks: 4, objects: 4 }]);
  await objects.delete([index]);
  const bucket = open(objects, 11);
  expect(await bucket.tenants()).toEqual(["fake"]);
  const chunks = (await bucket.unindexedStreams("fake")).flatMap((stream) => stream.chunks);
  for (const chunk of chunks) expect((await bucket.read(chunk, signal)).blocks.length).toBeGreaterThan(0);
  expect(chunks.length).toBe(4);
});
