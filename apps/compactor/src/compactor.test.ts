import { MemoryStore, type ObjectStore } from "@ratatosk/object-store";
import { expect, test } from "vitest";
import { leaseKey } from "./lease.ts";
import { failingFrom, type Line, randomLines, readAll, ship, testCompactor, textsOf } from "./testing.ts";

const { signal } = new AbortController();
const hour = 3_600_000;

/** Three ingesters' worth of one day. */
async function shipped(objects: ObjectStore, lines: readonly Line[]): Promise<void> {
  const third = Math.ceil(lines.length / 3);
  for (let part = 0; part < 3; part++)
    await ship(objects, `ingester-${part}`, lines.slice(part * third, (part + 1) * third));
}

async function keysOf(objects: ObjectStore, prefix = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix)) keys.push(key);
  return keys;
}

/** Past the time at which the day is merged and what it replaced is garbage. */
const later =
  (hours = 3): (() => number) =>
  () =>
    Date.now() + hours * hour;

test("a day that is past becomes one index file, its garbage goes", async () => {
  const objects = new MemoryStore();
  const lines = randomLines(1, 500);
  await shipped(objects, lines);
  const compactor = testCompactor(objects, { now: later() });
  await compactor.runOnce(signal);
  expect(await readAll(objects)).toEqual(textsOf(lines));
  const keys = await keysOf(objects, "fake/");
  expect(keys.filter((key) => key.includes("/index/"))).toHaveLength(1);
  expect(keys.filter((key) => key.includes("ingester"))).toEqual([]);
  await compactor.runOnce(signal);
  expect(await keysOf(objects, "fake/")).toEqual(keys);
});

test("what several replicas hold is there once", async () => {
  const objects = new MemoryStore();
  const lines = randomLines(2, 400);
  for (const replica of ["a", "b", "c"])
    await ship(objects, replica, lines, { rowsPerBlock: 7 + (replica.charCodeAt(0) % 5) });
  await testCompactor(objects, { now: later() }).runOnce(signal);
  expect(await readAll(objects)).toEqual(textsOf(lines));
});

test("random days are merged without a line lost or doubled", async () => {
  for (let seed = 10; seed < 25; seed++) {
    const objects = new MemoryStore();
    const lines = randomLines(seed, 50 + seed * 10, 1 + (seed % 7));
    for (let file = 0; file < 1 + (seed % 5); file++)
      await ship(
        objects,
        `f${file}`,
        lines.filter((_, at) => at % 2 === 0 || at % 3 === file % 3),
        { rowsPerBlock: seed },
      );
    const before = [...new Set(await readAll(objects))].sort();
    await testCompactor(objects, { now: later() }).runOnce(signal);
    expect(await readAll(objects)).toEqual(before);
  }
});

test("two compactors at once harm nothing, though both believe that they have the lease", async () => {
  const objects = new MemoryStore();
  const lines = randomLines(4, 300);
  await shipped(objects, lines);
  const blind: ObjectStore = {
    ...failingFrom(objects, Infinity),
    get: (key, ...rest) => objects.get(key === leaseKey ? "none" : key, ...rest),
  };
  const options = { now: later(), config: { retention_delete_delay: "5h" } };
  const both = [testCompactor(objects, options), testCompactor(blind, options)];
  await Promise.all(both.map((compactor) => compactor.runOnce(signal)));
  expect([...new Set(await readAll(objects))].sort()).toEqual(textsOf(lines));
  await objects.delete([leaseKey]);
  await testCompactor(objects, { now: later(9) }).runOnce(signal);
  expect(await readAll(objects)).toEqual(textsOf(lines));
});

test("the day that is not over is merged by classes of size", async () => {
  const objects = new MemoryStore();
  const lines = randomLines(5, 400);
  const now = (): number => Date.parse("2026-01-15T12:00:00Z");
  for (let file = 0; file < 9; file++)
    await ship(
      objects,
      `f${file}`,
      lines.filter((_, at) => at % 9 === file),
    );
  await testCompactor(objects, { now, config: { merge_files: 10 } }).runOnce(signal);
  expect(await keysOf(objects, "fake/index/")).toHaveLength(9);
  await objects.delete([leaseKey]);
  await testCompactor(objects, { now, config: { merge_files: 9 } }).runOnce(signal);
  expect(await keysOf(objects, "fake/index/"), "one in place of nine that wait to be deleted").toHaveLength(10);
  expect(await readAll(objects)).toEqual(textsOf(lines));
});

test("a damaged segment stays as it is, the rest is merged around it", async () => {
  const objects = new MemoryStore();
  const lines = randomLines(6, 300);
  await shipped(objects, lines);
  const key = (await keysOf(objects, "fake/segments/")).find((one) => one.includes("ingester-1"))!;
  const bytes = await objects.get(key);
  bytes[20]! ^= 1;
  await objects.put(key, bytes);
  await testCompactor(objects, { now: later() }).runOnce(signal);
  const keys = await keysOf(objects, "fake/");
  expect(keys).toContain(key);
  expect(keys.filter((one) => one.includes("/index/"))).toHaveLength(1);
});

test("an index file that cannot be read keeps the segments of its day", async () => {
  const objects = new MemoryStore();
  await shipped(objects, randomLines(7, 60));
  const [first] = await keysOf(objects, "fake/index/");
  const segments = await keysOf(objects, "fake/segments/");
  await objects.put(first!, new Uint8Array([1, 2, 3]));
  await testCompactor(objects, { now: later(30) }).runOnce(signal);
  expect(await keysOf(objects, "fake/")).toEqual(expect.arrayContaining([first, ...segments]));
});
