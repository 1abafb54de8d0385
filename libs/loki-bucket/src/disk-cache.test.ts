import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskCache } from "./disk-cache.ts";

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), "disk-cache-"))));
afterEach(() => rmSync(directory, { recursive: true }));

let loads: string[] = [];
beforeEach(() => void (loads = []));

const held = (): number => readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);

/** The file of a key: its name, a hundred times. */
const use = (cache: DiskCache, key: string, work = async (path: string) => readFile(path, "utf8")): Promise<string> =>
  cache.use(
    key,
    async (path) => {
      loads.push(key);
      await writeFile(path, key.repeat(100));
    },
    work,
  );

test("files are kept up to a size, and those not used for longest go first", async () => {
  const cache = new DiskCache(directory, 300);
  for (const key of ["a", "b", "c", "a", "d"]) expect(await use(cache, key)).toBe(key.repeat(100));
  expect(held()).toBe(300);
  loads = [];
  for (const key of ["a", "c", "d", "b"]) await use(cache, key);
  expect(loads).toEqual(["b"]);
});

test("files outlive the process, and a smaller cache lets go of the oldest", async () => {
  const before = new DiskCache(directory, 300);
  for (const key of ["a", "b", "c"]) await use(before, key);
  loads = [];
  const after = new DiskCache(directory, 200);
  expect(await use(after, "c")).toBe("c".repeat(100));
  expect({ loads, held: held() }).toEqual({ loads: [], held: 200 });
});

test("a file is loaded once for all who want it, and not removed while it is used", async () => {
  const cache = new DiskCache(directory, 100);
  const slow = async (path: string): Promise<string> => {
    await use(cache, "b");
    return readFile(path, "utf8");
  };
  expect(await Promise.all([use(cache, "a", slow), use(cache, "a")])).toEqual(["a".repeat(100), "a".repeat(100)]);
  expect(loads).toEqual(["a", "b"]);
});

test("what cannot be loaded leaves nothing behind", async () => {
  const cache = new DiskCache(directory, 100);
  const load = async (path: string): Promise<never> => {
    await writeFile(path, "half");
    throw new Error("cut off");
  };
  await expect(cache.use("a", load, (path) => readFile(path))).rejects.toThrow("cut off");
  expect(readdirSync(directory)).toEqual([]);
});

test("a file that another process removed is loaded again", async () => {
  const cache = new DiskCache(directory, 300);
  await use(cache, "a");
  for (const name of readdirSync(directory)) rmSync(join(directory, name));
  expect(await use(cache, "a")).toBe("a".repeat(100));
  expect(loads).toEqual(["a", "a"]);
});

test("drafts of a process that died are removed, those of one that lives are not", async () => {
  for (const name of ["old.part", "new.part"]) writeFileSync(join(directory, name), "half");
  utimesSync(join(directory, "old.part"), 0, 0);
  await use(new DiskCache(directory, 100), "a");
  expect(readdirSync(directory).filter((name) => name.endsWith(".part"))).toEqual(["new.part"]);
});
