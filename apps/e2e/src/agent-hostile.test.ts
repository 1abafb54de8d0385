import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentProcess, fileJob } from "./agent.ts";
import type { RatatoskProcess } from "./process.ts";
import { readBackOnce } from "./read-back.ts";
import { serverProcess } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "e2e-hostile-lines-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("lines that nobody expects", () => {
  const startNanos = BigInt(Date.now()) * 1_000_000n;
  const long = Array.from({ length: 4 }, (_, i) => `${i} ${randomBytes(1_500_000).toString("hex")}`);
  const noise = randomBytes(1_000_000);
  let server: RatatoskProcess;
  let agent: RatatoskProcess;

  beforeAll(async () => {
    const flags = ["--limits_config.max_line_size=8MB", "--limits_config.ingestion_rate_mb=200"];
    const burst = ["--limits_config.ingestion_burst_size_mb=400", "--limits_config.per_stream_rate_limit=200MB"];
    const streams = ["--limits_config.per_stream_rate_limit_burst=400MB"];
    server = await serverProcess({ folder: join(folder, "server"), flags: [...flags, ...burst, ...streams] });
    await server.start();
    writeFileSync(join(folder, "long.log"), long.map((line) => `${line}\n`).join(""));
    writeFileSync(join(folder, "noise.log"), Buffer.concat([noise, Buffer.from("\nafter the noise\n")]));
    const jobs = ["long", "noise"].map((name) => fileJob(name, join(folder, `${name}.log`)));
    agent = await agentProcess({ folder: join(folder, "agent"), serverUrl: server.url, jobs });
    await agent.start();
  }, 120_000);
  afterAll(async () => {
    await agent?.stop();
    await server?.kill();
  });

  test("lines of 3 MB arrive whole", async () => {
    const found = await readBackOnce(server.url, '{job="long"}', { count: long.length, startNanos });
    expect(found.map((line) => line.length)).toEqual(long.map((line) => line.length));
    expect(found).toEqual(long);
  }, 90_000);

  test("of noise every line arrives, and what comes after it", async () => {
    const count = noise.filter((byte) => byte === 10).length + 2;
    const found = await readBackOnce(server.url, '{job="noise"}', { count, startNanos });
    expect(found).toHaveLength(count);
    expect(found.at(-1)).toBe("after the noise");
  }, 90_000);
});
