import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RatatoskProcess } from "./process.ts";
import { pushOnce } from "./push-lines.ts";
import { readBack } from "./read-back.ts";
import { serverProcess } from "./server.ts";
import { smallDisk } from "./small-disk.ts";

const diskMiB = 12;
const lineBytes = 2000;
const linesPerPush = 250;

const folder = mkdtempSync(join(tmpdir(), "e2e-full-"));
const disk = smallDisk(join(folder, "disk"), diskMiB);
afterAll(() => {
  if (disk !== undefined) execFileSync("umount", ["-l", disk]);
  rmSync(folder, { recursive: true });
});

describe.runIf(disk !== undefined)("a full disk", () => {
  const startNanos = BigInt(Date.now()) * 1_000_000n;
  const acknowledged: string[] = [];
  let server: RatatoskProcess;
  let count = 0;

  /** Random letters, so that nothing gets small by compression. */
  const nextLines = (): string[] =>
    Array.from({ length: linesPerPush }, () => {
      const noise = crypto.getRandomValues(Buffer.alloc(lineBytes / 2)).toString("hex");
      return `${count++} ${noise}`;
    });

  beforeAll(async () => {
    const flags = [
      `--storage.filesystem.directory=${disk!}/objects`,
      `--ingester.wal.dir=${disk!}/wal`,
      "--limits_config.ingestion_rate_mb=1000",
      "--limits_config.ingestion_burst_size_mb=1000",
      "--limits_config.per_stream_rate_limit=1GB",
      "--limits_config.per_stream_rate_limit_burst=1GB",
    ];
    server = await (await serverProcess({ folder, flags })).start();
  });
  afterAll(() => server.kill());

  const push = async (): Promise<number> => {
    const first = startNanos + BigInt(count);
    const lines = nextLines();
    const values = lines.map((line, i) => [String(first + BigInt(i)), line]);
    const { status } = await pushOnce(server.url, { streams: [{ stream: { app: "full" }, values }] });
    if (status === 204) acknowledged.push(...lines);
    return status;
  };

  test("refuses pushes that it cannot keep, and still answers", async () => {
    let status = 204;
    for (let i = 0; i < 200 && status === 204; i++) status = await push();
    expect(status).toBe(503);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect((await fetch(`${server.url}/ready`)).status).toBeLessThan(504);
  });

  test("has kept all that it acknowledged, also after a kill", async () => {
    const found = new Set(await readBack(server.url, '{app="full"}', startNanos));
    expect(acknowledged.filter((line) => !found.has(line))).toEqual([]);
    await server.kill();
    await server.start();
    const again = new Set(await readBack(server.url, '{app="full"}', startNanos));
    expect(acknowledged.filter((line) => !again.has(line))).toEqual([]);
  });
});
