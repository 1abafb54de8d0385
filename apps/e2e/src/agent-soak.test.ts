import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { agentProcess } from "./agent.ts";
import { readBackOnce } from "./read-back.ts";
import { serverProcess } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "e2e-soak-"));
afterAll(() => rmSync(folder, { recursive: true }));

const writingMs = 60_000;
const agentKills = 20;
const files = 3;
const keptRotations = 20;

/** Writes numbered lines into rotating files: every 20 ms a few, every second each file is moved aside. */
async function writeLogs(logs: string, signal: AbortSignal): Promise<string[]> {
  const written: string[] = [];
  let rotatedMs = Date.now();
  let rotation = 0;
  while (!signal.aborted) {
    for (let file = 0; file < files; file++) {
      const lines = Array.from({ length: 7 }, (_, i) => `file ${file} line ${written.length + i}`);
      written.push(...lines);
      appendFileSync(join(logs, `app-${file}.log`), lines.map((line) => `${line}\n`).join(""));
    }
    if (Date.now() - rotatedMs > 1000) {
      rotatedMs = Date.now();
      rotation += 1;
      for (let file = 0; file < files; file++) rotate(join(logs, `app-${file}.log`), rotation);
    }
    await sleep(20);
  }
  return written;
}

function rotate(path: string, rotation: number): void {
  renameSync(path, `${path}.${rotation}`);
  rmSync(`${path}.${rotation - keptRotations}`, { force: true });
}

test("files that rotate every second, an agent killed twenty times, a server killed and stopped: every line once", async () => {
  const startNanos = BigInt(Date.now()) * 1_000_000n;
  const logs = join(folder, "logs");
  mkdirSync(logs);
  const server = await (await serverProcess({ folder: join(folder, "server") })).start();
  const options = { folder: join(folder, "agent"), serverUrl: server.url, glob: `${logs}/*.log`, job: "soak" };
  const agent = await (await agentProcess(options)).start({ untilReady: false });
  const writing = new AbortController();
  const written = writeLogs(logs, writing.signal);
  const ending = sleep(writingMs).then(() => writing.abort());
  for (let kill = 1; kill <= agentKills; kill++) {
    await sleep(writingMs / agentKills / 2);
    if (kill % 6 === 0) await server.kill();
    else if (kill % 6 === 3) await server.stop();
    await agent.kill();
    await agent.start({ untilReady: false });
    if (kill % 3 === 1 && kill > 1) await server.start();
  }
  await server.stop();
  await server.start();
  await ending;
  const expected = await written;
  try {
    const found = await readBackOnce(server.url, '{job="soak"}', { count: expected.length, startNanos });
    expect(found.sort()).toEqual(expected.sort());
  } finally {
    await agent.stop();
    await server.stop();
  }
}, 240_000);
