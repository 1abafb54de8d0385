import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PushSink } from "./testing/push-sink.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const tenants = ["quick", "limited"] as const;
let directory: string;
let [fast, slow]: PushSink[] = [];
let agent: ChildProcess | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "side-by-side-"));
  [fast, slow] = [new PushSink(), new PushSink()];
  const clientOf = async (sink: PushSink): Promise<string> =>
    `{url: "${await sink.listen()}", batchwait: 50ms, batchsize: 2000, timeout: 1s, backoff_config: {min_period: 20ms, max_period: 100ms}}`;
  const jobOf = (tenant: string): string =>
    `{job_name: ${tenant}, static_configs: [{labels: {job: ${tenant}, __path__: "${directory}/${tenant}.log"}}], pipeline_stages: [{tenant: {value: ${tenant}}}]}`;
  writeFileSync(
    join(directory, "agent.yaml"),
    `server: {disable: true}
positions: {filename: ${directory}/positions.yaml, sync_period: 300ms}
clients: [${await clientOf(slow)}, ${await clientOf(fast)}]
scrape_configs: [${tenants.map(jobOf).join(", ")}]
`,
  );
});
afterEach(async () => {
  if (agent?.exitCode === null) {
    agent.kill("SIGKILL");
    await once(agent, "exit");
  }
  for (const sink of [fast, slow]) sink!.close();
  rmSync(directory, { recursive: true });
});

const expected = (tenant: string): string[] => Array.from({ length: 500 }, (_, i) => `${tenant} ${i}`);
const linesOf = (sink: PushSink, tenant: string): string[] =>
  sink.lines.filter((line) => line.startsWith(`${tenant} `));

test(
  "a server that does not answer and a tenant that is limited hold nobody else back, and get all in the end",
  { timeout: 120_000 },
  async () => {
    slow!.isSilent = true;
    let isLimited = true;
    fast!.answer = (_, lines) => (isLimited && lines[0]!.startsWith("limited") ? 429 : 204);
    const args = [main, `-config.file=${join(directory, "agent.yaml")}`, "-log.level=error"];
    agent = spawn(process.execPath, args, { stdio: "ignore" });
    for (const tenant of tenants) appendFileSync(join(directory, `${tenant}.log`), `${expected(tenant).join("\n")}\n`);
    const all = (sink: PushSink, tenant: string): Promise<void> =>
      expect.poll(() => linesOf(sink, tenant), { timeout: 40_000 }).toEqual(expected(tenant));
    await all(fast!, "quick");
    expect([linesOf(fast!, "limited"), slow!.lines]).toEqual([[], []]);
    isLimited = false;
    await all(fast!, "limited");
    expect(slow!.lines).toEqual([]);
    slow!.isSilent = false;
    for (const tenant of tenants) await all(slow!, tenant);
  },
);
