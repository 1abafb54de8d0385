import { execFileSync } from "node:child_process";
import { appendFileSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentProcess, fileJob } from "./agent.ts";
import type { RatatoskProcess } from "./process.ts";
import { readBackOnce } from "./read-back.ts";
import { serverProcess } from "./server.ts";
import { smallDisk } from "./small-disk.ts";
import { until } from "./until.ts";

const diskMiB = 16;
const lineBytes = 2000;

const folder = mkdtempSync(join(tmpdir(), "e2e-agent-full-"));
const disk = smallDisk(join(folder, "disk"), diskMiB);
afterAll(() => {
  if (disk !== undefined) execFileSync("umount", ["-l", disk]);
  rmSync(folder, { recursive: true });
});

describe.runIf(disk !== undefined)("a full disk below positions and buffer", () => {
  const startNanos = BigInt(Date.now()) * 1_000_000n;
  const logs = join(folder, "app.log");
  const filler = join(disk ?? folder, "filler");
  const written: string[] = [];
  let server: RatatoskProcess;
  let agent: RatatoskProcess;

  /** Random letters, so that nothing gets small by compression. */
  function writeLines(count: number): void {
    const noise = (): string => crypto.getRandomValues(Buffer.alloc(lineBytes / 2)).toString("hex");
    const lines = Array.from({ length: count }, (_, i) => `${written.length + i} ${noise()}`);
    written.push(...lines);
    appendFileSync(logs, lines.map((line) => `${line}\n`).join(""));
  }

  /** Takes what is free on the disk, but for some. */
  function fill(freeMiB: number): void {
    const file = openSync(filler, "w");
    const block = Buffer.alloc(64 * 1024);
    const most = (diskMiB - freeMiB) * 16;
    try {
      for (let i = 0; i < most; i++) writeSync(file, block);
    } catch {
      // The disk is full.
    }
    closeSync(file);
  }

  const saidByAgent = (): string => readFileSync(join(folder, "agent.log"), "utf8");
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${agent.url}/metrics`)).text();
    return Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  };

  beforeAll(async () => {
    server = await serverProcess({
      folder: join(folder, "server"),
      flags: ["--limits_config.ingestion_rate_mb=1000", "--limits_config.ingestion_burst_size_mb=1000"],
    });
    agent = await agentProcess({
      folder,
      serverUrl: server.url,
      jobs: [fileJob("full", logs)],
      stateFolder: disk!,
    });
  });
  afterAll(async () => {
    await agent?.kill();
    await server?.kill();
  });

  test("no server: it says so and waits, goes on once there is room, and everything arrives once", async () => {
    fill(2);
    writeLines(2500);
    await agent.start({ untilReady: false });
    await until(() => saidByAgent().includes("cannot write the buffer"));
    expect(await metric("promtail_buffer_write_failures_total")).toBeGreaterThan(0);
    expect(await metric("promtail_file_lag_bytes")).toBeGreaterThan(0);
    rmSync(filler);
    await until(() => saidByAgent().includes("the buffer can be written again"));
    await until(async () => (await metric("promtail_file_lag_bytes")) === 0);
    await agent.kill();
    await server.start();
    await agent.start({ untilReady: false });
    const found = await readBackOnce(server.url, '{job="full"}', { count: written.length, startNanos });
    expect(found.sort()).toEqual(written.toSorted());
  }, 120_000);

  test("with a server: what the disk does not take goes out of memory, once", async () => {
    fill(0);
    writeLines(1000);
    await readBackOnce(server.url, '{job="full"}', { count: written.length, startNanos });
    rmSync(filler);
    await until(async () => (await metric("promtail_file_lag_bytes")) === 0);
    writeLines(500);
    await readBackOnce(server.url, '{job="full"}', { count: written.length, startNanos });
    await agent.stop();
    await agent.start({ untilReady: false });
    writeLines(1);
    const found = await readBackOnce(server.url, '{job="full"}', { count: written.length, startNanos });
    expect(found.sort()).toEqual(written.toSorted());
  }, 120_000);
});
