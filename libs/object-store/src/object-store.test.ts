import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FilesystemStore, MemoryStore, S3Store } from "./index.ts";
import { hasMinio, minioSettings, startMinio, testObjectStore } from "./testing.ts";

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), "ratatosk-objects-"));

testObjectStore("memory", async () => ({ store: new MemoryStore() }));

testObjectStore("filesystem", async () => {
  const directory = await temporary();
  return { store: new FilesystemStore(directory), close: () => rm(directory, { recursive: true }) };
});

const s3 = (port: number) => new S3Store(minioSettings(port));

describe.skipIf(!hasMinio)("MinIO", () => {
  testObjectStore("MinIO", () => startMinio(31120));
});

test("a store that answers 503 is unavailable, and one that is not there too", async () => {
  let calls = 0;
  const server = createServer((_, response) => {
    calls++;
    response.writeHead(503).end();
  }).listen(31121, "127.0.0.1");
  await expect(s3(31121).get("a/b")).rejects.toMatchObject({ code: "unavailable" });
  expect(calls).toBe(4);
  server.close();
  server.closeAllConnections();
  await expect(s3(31121).put("a/b", Uint8Array.of(1))).rejects.toMatchObject({ code: "unavailable" });
});

test("no draft stays behind in the directory", async () => {
  const directory = await temporary();
  const store = new FilesystemStore(directory);
  await store.put("fake/x", Uint8Array.of(1));
  await expect(store.put("fake/x/y", Uint8Array.of(1))).rejects.toMatchObject({ code: "unavailable" });
  expect(await readdir(join(directory, "~tmp"))).toEqual([]);
  await rm(directory, { recursive: true });
});

test("a foreign directory that is not there is an error, and one that is there may be empty", async () => {
  const directory = await temporary();
  const store = new FilesystemStore(directory, { isForeign: true });
  expect(await store.folders("")).toEqual([]);
  await rm(directory, { recursive: true });
  await expect(store.folders("index/")).rejects.toMatchObject({ code: "not_found" });
});

test.skipIf(!hasMinio)("a foreign bucket is not made", async () => {
  const minio = await startMinio(31122);
  const store = new S3Store({ ...minioSettings(31122), bucket: "of-another" }, { isForeign: true });
  for (const _ of [1, 2])
    await expect(store.folders("")).rejects.toMatchObject({
      code: "not_found",
      message: "bucket of-another does not exist",
    });
  await minio.close?.();
});
