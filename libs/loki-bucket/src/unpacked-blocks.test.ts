import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DiskCache } from "./disk-cache.ts";
import { SpillStore } from "./spill-store.ts";
import { UnpackedBlocks } from "./unpacked-blocks.ts";

const root = mkdtempSync(join(tmpdir(), "loki-unpacked-"));
afterAll(() => rmSync(root, { recursive: true }));

const none = { memoryBytes: 0, diskBytes: 0 };
let opened = 0;

function open(limits = { memoryBytes: 1000, diskBytes: 0 }): { store: SpillStore; blocks: UnpackedBlocks } {
  const store = new SpillStore(new DiskCache(join(root, String(opened++)), limits.diskBytes), limits);
  return { store, blocks: new UnpackedBlocks(store) };
}

const unpack = async (): Promise<Uint8Array> => new Uint8Array(100).fill(5);
const query = (reads: number): { reads: number; signal: AbortSignal } => ({
  reads,
  signal: new AbortController().signal,
});

test("a block is unpacked for the first of its readings and kept until the last", async () => {
  const { store, blocks } = open();
  const reading = query(3);
  for (const held of [100, 100, 0]) {
    expect(await blocks.get("a", reading, unpack)).toEqual(await unpack());
    expect(store.bytes.memoryBytes).toBe(held);
  }
  expect(blocks.unpacked).toBe(1);
});

test("readings at once wait for the one that unpacks", async () => {
  const { store, blocks } = open();
  const reading = query(20);
  const all = await Promise.all(Array.from({ length: 20 }, () => blocks.get("a", reading, unpack)));
  expect(new Set(all).size).toBe(20);
  expect([blocks.unpacked, store.bytes]).toEqual([1, none]);
});

test("a reading that knows of more keeps the block longer", async () => {
  const { blocks } = open();
  const { signal } = query(0);
  for (const reads of [2, 6, 2, 6, 6, 6]) await blocks.get("a", { reads, signal }, unpack);
  expect(blocks.unpacked).toBe(1);
});

test("once a query is over nothing is held for it, and another unpacks for itself", async () => {
  const { store, blocks } = open({ memoryBytes: 100, diskBytes: 1000 });
  const over = new AbortController();
  for (const key of ["a", "b", "c"]) await blocks.get(key, { reads: 2, signal: over.signal }, unpack);
  await blocks.get("a", query(2), unpack);
  expect([blocks.unpacked, store.bytes]).toEqual([4, { memoryBytes: 100, diskBytes: 300 }]);
  over.abort();
  await expect.poll(() => store.bytes.memoryBytes + store.bytes.diskBytes).toBe(100);
  await expect(blocks.get("a", { reads: 2, signal: over.signal }, unpack)).rejects.toThrow("aborted");
});

test("what cannot be unpacked fails each of its readings", async () => {
  const { store, blocks } = open();
  const reading = query(3);
  const fail = (): Promise<Uint8Array> => Promise.reject(new Error("damaged"));
  const all = await Promise.allSettled([1, 2, 3].map(() => blocks.get("a", reading, fail)));
  expect(all.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect([blocks.unpacked, store.bytes]).toEqual([1, none]);
});
