import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { S3Config } from "./config.ts";
import type { ObjectStore } from "./object-store.ts";
import { S3Store } from "./s3-store.ts";

const program = [process.env.MINIO_BINARY ?? "", join(homedir(), "go/bin/minio"), "/usr/local/bin/minio"].find(
  existsSync,
);

/** Whether tests with MinIO are to run: it is there, or has to be. */
export const hasMinio = program !== undefined || process.env.RATATOSK_REQUIRE_REAL_PARTS === "1";

const credentials = { access_key_id: "ratatosk", secret_access_key: "ratatosk-secret" };

/** How a MinIO on a port of this machine is reached. */
export const minioSettings = (port: number, bucket = "logs"): S3Config => ({
  endpoint: `127.0.0.1:${port}`,
  bucket,
  ...credentials,
  insecure: true,
  region: "us-east-1",
  s3forcepathstyle: true,
});

/** An empty bucket of a MinIO of its own. */
export async function startMinio(port: number): Promise<{ store: ObjectStore; close(): Promise<void> }> {
  if (program === undefined) throw new Error("no MinIO: set MINIO_BINARY");
  const directory = await mkdtemp(join(tmpdir(), "ratatosk-minio-"));
  const { access_key_id: user, secret_access_key: password } = credentials;
  const server = spawn(program, ["server", directory, "--address", `127.0.0.1:${port}`], {
    env: { ...process.env, MINIO_ROOT_USER: user, MINIO_ROOT_PASSWORD: password },
    stdio: "ignore",
  });
  await answering(port);
  const close = async (): Promise<void> => {
    server.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  };
  return { store: new S3Store(minioSettings(port)), close };
}

async function answering(port: number): Promise<void> {
  const health = `http://127.0.0.1:${port}/minio/health/ready`;
  while ((await fetch(health).catch(() => undefined))?.status !== 200) await sleep(100);
}
