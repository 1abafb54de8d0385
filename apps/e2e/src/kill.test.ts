import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentProcess, fileJob } from "./agent.ts";
import { corpora, linesOf, type Corpus } from "./loghub.ts";
import type { RatatoskProcess } from "./process.ts";
import { randomFrom } from "./random.ts";
import { readBackOnce } from "./read-back.ts";
import { serverProcess } from "./server.ts";

const kills = 10;
const startNanos = BigInt(Date.now() - 60_000) * 1_000_000n;
const files = corpora();

let folder: string;
let server: RatatoskProcess;
let agent: RatatoskProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "e2e-kill-"));
  mkdirSync(join(folder, "input"));
  server = await (await serverProcess({ folder })).start();
  const options = { serverUrl: server.url, jobs: [fileJob("kill", join(folder, "input/*.log"))] };
  agent = await (await agentProcess({ folder: join(folder, "agent"), ...options })).start({ untilReady: false });
});
afterAll(async () => {
  await agent.kill();
  await server.kill();
  rmSync(folder, { recursive: true });
});

test("ten kills of server and agent in the middle lose nothing and repeat nothing", async () => {
  const random = randomFrom(Number(process.env["RATATOSK_SEED"] ?? 20_260_115));
  const writing = write(files);
  for (let i = 0; i < kills; i++) {
    await sleep(200 + random() * 900);
    const victim = random() < 0.5 ? server : agent;
    await victim.kill();
    await sleep(random() * 300);
    await victim.start({ untilReady: victim === server });
  }
  await writing;
  for (const { name, text } of files) {
    const lines = linesOf(text);
    const query = `{filename="${fileOf(name)}"}`;
    const found = await readBackOnce(server.url, query, { count: lines.length, startNanos });
    expect([name, found.length]).toEqual([name, lines.length]);
    expect(found).toEqual(lines);
  }
});

const fileOf = (name: string): string => join(folder, "input", `${name}.log`);

/** Appends all texts over some ten seconds, cut anywhere. */
async function write(texts: readonly Corpus[]): Promise<void> {
  const pieces = 50;
  for (let i = 0; i < pieces; i++) {
    for (const { name, text } of texts) {
      const at = (part: number): number => Math.floor((text.length * part) / pieces);
      appendFileSync(fileOf(name), text.subarray(at(i), at(i + 1)));
    }
    await sleep(200);
  }
}
