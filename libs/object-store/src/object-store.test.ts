import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { FilesystemStore, MemoryStore, S3Store } from "./index.ts";
import { type StoreUnderTest, testObjectStore } from "./testing.ts";

const temporary = (): Promise<string> => mkdtemp(join(tmpdir(), "ratatosk-objects-"));

testObjectStore("memory", async () => ({ store: new MemoryStore() }));

testObjectStore("filesystem", async () => {
  const directory = await temporary();
  return { store: new FilesystemStore(directory), close: () => rm(directory, { recursive: true }) };
});

const minio = [process.env.MINIO_BINARY ?? "", join(homedir(), "go/bin/minio"), "/usr/local/bin/minio"].find(
  existsSync,
);
const credentials = { access_key_id: "ratatosk", secret_access_key: "ratatosk-secret" };
const s3 = (port: number) =>
  new S3Store({
    endpoint: `127.0.0.1:${port}`,
    bucket: "logs",
    ...credentials,
    insecure: true,
    region: "us-east-1",
    s3forcepathstyle: true,
  });

describe.skipIf(minio === undefined && process.env.RATATOSK_REQUIRE_REAL_PARTS !== "1")("MinIO", () => {
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

async function startMinio(port: number): Promise<StoreUnderTest> {
  const directory = await temporary();
  const server = spawn(minio!, ["server", directory, "--address", `127.0.0.1:${port}`], {
    env: {
      ...process.env,
      MINIO_ROOT_USER: credentials.access_key_id,
      MINIO_ROOT_PASSWORD: credentials.secret_access_key,
    },
    stdio: "ignore",
  });
  await answering(port);
  const close = async (): Promise<void> => {
    server.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  };
  return { store: s3(port), close };
}

async function answering(port: number): Promise<void> {
  const health = `http://127.0.0.1:${port}/minio/health/ready`;
  while ((await fetch(health).catch(() => undefined))?.status !== 200) await sleep(100);
}
