import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FilesystemStore, MemoryStore, type ObjectStore } from "@ratatosk/object-store";
import { hasMinio, startMinio, type StoreUnderTest } from "@ratatosk/object-store/testing";
import { describe, expect, test } from "vitest";
import { failingFrom, randomLines, readAll, ship, testCompactor, textsOf } from "./testing.ts";

const { signal } = new AbortController();
const lines = randomLines(3, 300);
/** Past the time at which the day is merged, the lease has run out and what was replaced is garbage. */
const later = (hours: number) => (): number => Date.now() + hours * 3_600_000;

async function shipped(objects: ObjectStore): Promise<void> {
  for (let part = 0; part < 3; part++)
    await ship(objects, `ingester-${part}`, lines.slice(part * 100, (part + 1) * 100));
}

async function keysOf(objects: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix)) keys.push(key);
  return keys;
}

async function empty(objects: ObjectStore): Promise<void> {
  await objects.delete([...(await keysOf(objects, "fake/")), ...(await keysOf(objects, "@compactor/"))]);
}

/** A store for one run, and how to end it. */
const stores: [name: string, open: () => Promise<StoreUnderTest>][] = [
  ["memory", async () => ({ store: new MemoryStore() })],
  ["a directory", directoryStore],
  ...(hasMinio ? [["MinIO", () => startMinio(31122)] satisfies [string, () => Promise<StoreUnderTest>]] : []),
];

async function directoryStore(): Promise<StoreUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), "ratatosk-compactor-"));
  return { store: new FilesystemStore(directory), close: () => rm(directory, { recursive: true }) };
}

describe.each(stores)("over %s", (_, open) => {
  test(
    "a crash at any write leaves every line readable once, and the next run completes",
    { timeout: 120_000 },
    async () => {
      const under = await open();
      const objects = under.store;
      await shipped(objects);
      const counting = failingFrom(objects, Infinity);
      await testCompactor(counting, { now: later(3) }).runOnce(signal);
      const left = await keysOf(objects, "fake/");
      expect(counting.writes()).toBeGreaterThan(8);
      for (let failAt = 1; failAt <= counting.writes(); failAt++) {
        await empty(objects);
        await shipped(objects);
        const crashed = testCompactor(failingFrom(objects, failAt), { now: later(3) });
        await crashed.runOnce(signal).catch(() => undefined);
        expect(await readAll(objects), `write ${failAt}`).toEqual(textsOf(lines));
        // The lease of the one that crashed still lies there: another waits for it to run out.
        await testCompactor(objects, { now: later(4) }).runOnce(signal);
        expect(await readAll(objects), `after write ${failAt}`).toEqual(textsOf(lines));
        const keys = await keysOf(objects, "fake/");
        expect(keys.filter((key) => key.includes("/index/"))).toHaveLength(1);
        expect(keys.length, `no orphans after write ${failAt}`).toBe(left.length);
      }
      await under.close?.();
    },
  );
});
