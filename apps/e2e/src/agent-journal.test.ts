import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentProcess } from "./agent.ts";
import type { RatatoskProcess } from "./process.ts";
import { readBackOnce } from "./read-back.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";

const journalctl = realPart("journalctl");
const journalRemote = realPart("systemd-journal-remote");
const folder = mkdtempSync(join(tmpdir(), "e2e-journal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An entry in the journal's export format; a message of several lines is written with its length. */
function exported(message: string, unit: string, priority: number): Buffer {
  const text = Buffer.from(message);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const head = `__REALTIME_TIMESTAMP=${Date.now()}000\n_BOOT_ID=0123456789abcdef0123456789abcdef\n_SYSTEMD_UNIT=${unit}\nPRIORITY=${priority}\nMESSAGE\n`;
  return Buffer.concat([Buffer.from(head), length, text, Buffer.from("\n\n")]);
}

type Row = readonly [text: string, unit: string];

/** Lines of each unit become blocks; one that nothing follows waits longer than a run takes. */
const blocksJob = (journal: string): string => `job_name: blocks
journal: {path: ${journal}, max_age: 12h, labels: {job: blocks}}
relabel_configs: [{source_labels: [__journal__systemd_unit], target_label: unit}]
pipeline_stages: [{multiline: {firstline: '^begin', max_wait_time: 1h}}]`;

describe.runIf(journalctl !== undefined && journalRemote !== undefined)("a journal of systemd", () => {
  const startNanos = BigInt(Date.now()) * 1_000_000n - 60_000_000_000n;
  const journal = join(folder, "journal");
  const messages: string[] = [];
  let server: RatatoskProcess;
  let agent: RatatoskProcess;

  /** A file of the journal, made by systemd's own program. */
  function writeJournal(name: string, texts: readonly string[]): void {
    const input = Buffer.concat(texts.map((text, i) => exported(text, "shop.service", i % 8)));
    messages.push(...texts);
    execFileSync(journalRemote!, [`--output=${join(journal, `${name}.journal`)}`, "-"], { input, stdio: "pipe" });
  }

  const arrived = async (): Promise<string[]> =>
    readBackOnce(server.url, '{job="journal", unit="shop.service"}', { count: messages.length, startNanos });

  beforeAll(async () => {
    mkdirSync(journal);
    server = await (await serverProcess({ folder })).start();
    const job = `job_name: journal
journal: {path: ${journal}, max_age: 12h, labels: {job: journal}}
relabel_configs:
  - {source_labels: [__journal__systemd_unit], target_label: unit}
  - {source_labels: [__journal_priority_keyword], target_label: level}`;
    agent = await agentProcess({ folder, serverUrl: server.url, jobs: [job] });
  }, 60_000);
  afterAll(async () => {
    await agent?.stop();
    await server?.kill();
  });

  test("is read from its files, with its fields as labels", async () => {
    writeJournal("first", [
      "plain",
      "of\nseveral\nlines",
      "ünïcode",
      ...Array.from({ length: 500 }, (_, i) => `n ${i}`),
    ]);
    await agent.start({ untilReady: false });
    expect((await arrived()).sort()).toEqual(messages.toSorted());
    const error = await readBackOnce(server.url, '{level="error"} |= "n "', { count: 62, startNanos });
    expect(error).toContain("n 0");
  }, 60_000);

  test("goes on at its cursor after a kill", async () => {
    await agent.kill();
    writeJournal(
      "second",
      Array.from({ length: 100 }, (_, i) => `later ${i}`),
    );
    await agent.start({ untilReady: false });
    expect((await arrived()).sort()).toEqual(messages.toSorted());
    await agent.stop();
    await agent.start({ untilReady: false });
    writeJournal("third", ["the last one"]);
    expect((await arrived()).sort()).toEqual(messages.toSorted());
  }, 60_000);

  test("blocks of lines, interleaved by unit, come once though the agent is killed again and again", async () => {
    const own = join(folder, "blocks");
    mkdirSync(own);
    const options = { folder: join(folder, "blocks-agent"), serverUrl: server.url, jobs: [blocksJob(own)] };
    const killed = await agentProcess(options);
    const blocksOf = (unit: string, count: number): Promise<string[]> =>
      readBackOnce(server.url, `{job="blocks", unit="${unit}"}`, { count, startNanos });
    /** Lines of two units; what the last ones begin waits for those that follow. */
    const add = async (name: string, rows: readonly Row[], count: number): Promise<void> => {
      const input = Buffer.concat(rows.map(([text, unit]) => exported(text, unit, 6)));
      execFileSync(journalRemote!, [`--output=${join(own, `${name}.journal`)}`, "-"], { input, stdio: "pipe" });
      await killed.start({ untilReady: false });
      await blocksOf("fast", count);
    };
    const blocks: string[] = [];
    const slow: string[] = [];
    for (let round = 0; round < 5; round++) {
      const numbers = Array.from({ length: 20 }, (_, i) => `${round} ${i}`);
      const slowLines = numbers.map((n) => (n === "0 0" ? "begin" : `goes on ${n}`));
      const rows = numbers.flatMap((n, i): Row[] => [
        [slowLines[i]!, "slow"],
        [`begin ${n}`, "fast"],
        [`on ${n}`, "fast"],
      ]);
      slow.push(...slowLines);
      blocks.push(...numbers.map((n) => `begin ${n}\non ${n}`));
      await add(String(round), rows, blocks.length - 1);
      await killed.kill();
    }
    await add(
      "last",
      (["slow", "fast"] as const).map((unit): Row => ["begin the end", unit]),
      blocks.length,
    );
    expect((await blocksOf("slow", 1)).sort()).toEqual([slow.join("\n")]);
    expect((await blocksOf("fast", blocks.length)).sort()).toEqual(blocks.toSorted());
    await killed.kill();
  }, 120_000);
});
