import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DiskCache } from "./disk-cache.ts";
import { SpillStore } from "./spill-store.ts";

const root = mkdtempSync(join(tmpdir(), "loki-spill-"));
afterAll(() => rmSync(root, { recursive: true }));

let opened = 0;
function open(memoryBytes: number, diskBytes: number): { store: SpillStore; files: () => string[] } {
  const directory = join(root, String(opened++));
  const store = new SpillStore(new DiskCache(directory, diskBytes), { memoryBytes, diskBytes });
  return { store, files: () => readdirSync(directory).map((name) => join(directory, name)) };
}

const bytesOf = (value: number): Uint8Array => new Uint8Array(100).fill(value);

test("what does not fit in memory is read from disk, what fits nowhere is forgotten", async () => {
  const { store, files } = open(200, 300);
  for (let i = 0; i < 7; i++) await store.put(`${i}`, bytesOf(i));
  expect([store.bytes, files().length]).toEqual([{ memoryBytes: 200, diskBytes: 300 }, 3]);
  const found = await Promise.all(Array.from({ length: 7 }, (_, i) => store.get(`${i}`)));
  expect(found.map((bytes) => bytes?.[99])).toEqual([0, 1, 2, undefined, undefined, 5, 6]);
  await Promise.all(found.map((_, i) => store.delete(`${i}`)));
  expect([store.bytes, files()]).toEqual([{ memoryBytes: 0, diskBytes: 0 }, []]);
});

test("many put at once stay within the limits, and what is deleted on its way to the disk is gone", async () => {
  const { store, files } = open(250, 2000);
  const puts = Array.from({ length: 20 }, (_, i) => store.put(`${i}`, bytesOf(i)));
  expect((await store.get("0"))?.[0]).toBe(0);
  await Promise.all([...puts, ...Array.from({ length: 10 }, (_, i) => store.delete(`${i}`))]);
  expect(store.bytes).toEqual({ memoryBytes: 200, diskBytes: 800 });
  expect(files()).toHaveLength(8);
  const found = await Promise.all(Array.from({ length: 20 }, (_, i) => store.get(`${i}`)));
  expect(found.map((bytes, i) => bytes?.[0] === i)).toEqual(found.map((_, i) => i >= 10));
});

test("what a caller does to its copy stays its own", async () => {
  const { store } = open(1000, 0);
  await store.put("a", bytesOf(1));
  (await store.get("a"))!.fill(9);
  expect(await store.get("a")).toEqual(bytesOf(1));
});

test.each([
  ["changed", (path: string) => writeFileSync(path, readFileSync(path).fill(7, 50, 51))],
  ["cut off", (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 50))],
  ["gone", (path: string) => rmSync(path)],
])("a file that is %s holds nothing", async (_, damage) => {
  const { store, files } = open(0, 1000);
  await store.put("a", bytesOf(1));
  damage(files()[0]!);
  expect(await store.get("a")).toBeUndefined();
});

test("a disk that cannot be written to is done without", async () => {
  writeFileSync(join(root, "file"), "");
  const store = new SpillStore(new DiskCache(join(root, "file"), 1000), { memoryBytes: 0, diskBytes: 1000 });
  await store.put("a", bytesOf(1));
  expect([await store.get("a"), store.bytes]).toEqual([undefined, { memoryBytes: 0, diskBytes: 0 }]);
  await store.delete("a");
});
