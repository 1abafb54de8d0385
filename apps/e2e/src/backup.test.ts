import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { S3Store } from "@ratatosk/object-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { linesOf, madeUp } from "./loghub.ts";
import { Minio } from "./minio.ts";
import type { RatatoskProcess } from "./process.ts";
import { pushLines } from "./push-lines.ts";
import { readBackOnce } from "./read-back.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";

const run = promisify(execFile);
const program = fileURLToPath(new URL("../../ratatosk/bin/ratatosk.mjs", import.meta.url));
const minioProgram = realPart("minio");

/** What `mc mirror` and `rclone sync` do: object by object, in the order of their names. */
async function mirror(from: S3Store, to: S3Store): Promise<number> {
  let objects = 0;
  for await (const { key } of from.list("")) {
    await to.put(key, await from.get(key));
    objects++;
  }
  return objects;
}

describe.runIf(minioProgram !== undefined)("backed up and restored as deploy/README.md says", () => {
  const startNanos = BigInt(Date.now()) * 1_000_000n;
  const lines = Array.from({ length: 5 }, (_, i) => linesOf(madeUp(i, 400)));
  let folder: string;
  let minio: Minio;
  let shelf: Minio;
  let server: RatatoskProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "e2e-backup-"));
    shelf = await Minio.start(minioProgram!, join(folder, "shelf"));
    await begin("first");
  });
  afterAll(async () => {
    await server.kill();
    await Promise.all([minio.stop(), shelf.stop()]);
    rmSync(folder, { recursive: true });
  });

  /** An empty store, and a server that knows nothing but it, or what its volume holds. */
  async function begin(name: string): Promise<void> {
    minio = await Minio.start(minioProgram!, join(folder, name));
    server = await serverProcess({ folder: join(folder, `${name}-server`), flags: minio.flags("logs") });
  }

  /** Both gone, with all that they held. */
  async function destroy(name: string): Promise<void> {
    await server.kill();
    await minio.stop();
    for (const gone of [name, `${name}-server`]) rmSync(join(folder, gone), { recursive: true });
  }

  const bucketOf = (at: Minio): S3Store => new S3Store(at.settings("logs"));
  const push = (stream: number): Promise<void> =>
    pushLines(server.url, { app: "backup", stream: String(stream) }, lines[stream]!, startNanos);
  const flush = async (): Promise<void> => {
    const { status } = await fetch(`${server.url}/flush/tenant`, { method: "POST" });
    expect(status).toBe(204);
  };

  async function back(streams: readonly number[]): Promise<string[][]> {
    const found = streams.map((stream) =>
      readBackOnce(server.url, `{app="backup", stream="${stream}"}`, { count: lines[stream]!.length, startNanos }),
    );
    return Promise.all(found);
  }
  const pushed = (streams: readonly number[]): string[][] => streams.map((stream) => lines[stream]!);

  test("a copy of the bucket, made while lines come in, brings back all that had been shipped", async () => {
    await server.start();
    for (const stream of [0, 1, 2]) await push(stream);
    await flush();
    const [objects] = await Promise.all([mirror(bucketOf(minio), bucketOf(shelf)), push(3), flush()]);
    await destroy("first");
    await begin("second");
    expect(await mirror(bucketOf(shelf), bucketOf(minio))).toBe(objects);
    await server.start();
    expect(await back([0, 1, 2])).toEqual(pushed([0, 1, 2]));
    const { stdout } = await run(process.execPath, [program, "storage", "verify", ...minio.flags("logs")]);
    expect(stdout).toContain("0 damaged, 0 missing");
  });

  test("a copy of the volume brings back what had not been shipped, once, though it was shipped after the copy", async () => {
    await push(4);
    await server.kill();
    const volume = join(folder, "second-server", "data");
    cpSync(volume, join(folder, "volume"), { recursive: true });
    await server.start();
    await flush();
    await mirror(bucketOf(minio), bucketOf(shelf));
    await destroy("second");
    await begin("third");
    await mirror(bucketOf(shelf), bucketOf(minio));
    cpSync(join(folder, "volume"), join(folder, "third-server", "data"), { recursive: true });
    await server.start();
    expect(await back([0, 1, 2, 4])).toEqual(pushed([0, 1, 2, 4]));
    await destroy("third");
    await begin("fourth");
    cpSync(join(folder, "volume"), join(folder, "fourth-server", "data"), { recursive: true });
    await server.start();
    expect(await back([4])).toEqual(pushed([4]));
  });
});
