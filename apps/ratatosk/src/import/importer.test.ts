import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSample, sampleBucket, sampleDay } from "@ratatosk/loki-bucket/testing";
import { MemoryStore } from "@ratatosk/object-store";
import { afterAll, expect, test } from "vitest";
import { type ImportCounts, Importer } from "./importer.ts";

const directory = mkdtempSync(join(tmpdir(), "importer-"));
afterAll(() => rmSync(directory, { recursive: true }));
let opened = 0;

function importAll(
  from: MemoryStore,
  to: MemoryStore,
  { withoutIndex = false, dryRun = false, tenants = {} } = {},
): Promise<ImportCounts> {
  const importer = new Importer({
    name: "sample",
    bucket: openSample(from, join(directory, String(opened++))),
    tenants,
    objects: to,
    fromMs: 0,
    throughMs: Date.parse("2030-01-01"),
    withoutIndex,
    dryRun,
    progress: () => undefined,
  });
  return importer.run(new AbortController().signal);
}

test("a bucket is copied once, whoever asks again", async () => {
  const { objects } = await sampleBucket();
  const own = new MemoryStore();
  const first = await importAll(objects, own);
  expect(first).toMatchObject({ units: 1, skipped: 0, chunks: 4, warnings: [] });
  expect(await importAll(objects, own)).toEqual({ ...first, skipped: 1 });
});

test.each([true, false])("a tenant that has nothing that day counts no day, dry run %s", async (dryRun) => {
  const { objects } = await sampleBucket();
  const tenants = { fake: "fake", nobody: "other" };
  expect(await importAll(objects, new MemoryStore(), { dryRun, tenants })).toMatchObject({ units: 1, chunks: 4 });
});

test("a dry run tells what the index knows, and writes nothing", async () => {
  const { objects } = await sampleBucket();
  const own = new MemoryStore();
  expect(await importAll(objects, own, { dryRun: true })).toMatchObject({ chunks: 4, storedBytes: 0, warnings: [] });
  expect(await own.folders("")).toEqual([]);
});

test("a chunk that cannot be read is a warning, the others are copied", async () => {
  const { objects, chunks } = await sampleBucket();
  await objects.put(chunks[0]!, (await objects.get(chunks[0]!)).subarray(0, 100));
  await objects.delete([chunks[1]!]);
  const own = new MemoryStore();
  const first = await importAll(objects, own);
  const { warnings, entries } = first;
  expect(warnings.toSorted()).toEqual([
    `${chunks[0]}: loki chunk: checksum differs from the key's`,
    `${chunks[1]}: object ${chunks[1]} does not exist`,
  ]);
  expect(entries).toBeGreaterThan(0);
  expect(await importAll(objects, own)).toEqual({ ...first, skipped: 1 });
});

test("a day that has got more chunks since is imported anew", async () => {
  const { objects, index } = await sampleBucket();
  const whole = await objects.get(index);
  const { objects: smaller, index: part } = await sampleBucket({ chunks: 3 });
  await objects.put(index, await smaller.get(part));
  const own = new MemoryStore();
  expect(await importAll(objects, own)).toMatchObject({
    chunks: 3,
    warnings: [`fake ${sampleDay}: no index names 1 chunks; --without-index imports them`],
  });
  await objects.put(index, whole);
  expect(await importAll(objects, own)).toMatchObject({ chunks: 4, skipped: 0, warnings: [] });
});

test("a bucket that lost its index says so, and is imported from its chunks", async () => {
  const { objects, index } = await sampleBucket();
  const own = new MemoryStore();
  const whole = await importAll(objects, new MemoryStore());
  await objects.delete([index]);
  expect(await importAll(objects, new MemoryStore())).toMatchObject({
    entries: 0,
    warnings: [`fake ${sampleDay}: no index names 4 chunks; --without-index imports them`],
  });
  const { entries, warnings } = await importAll(objects, own, { withoutIndex: true });
  expect({ entries, warnings }).toEqual({ entries: whole.entries, warnings: [] });
  expect(await importAll(objects, own, { withoutIndex: true })).toMatchObject({ entries, skipped: 1 });
});
