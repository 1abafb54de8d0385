import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PushSink } from "../testing/push-sink.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
let directory: string;
let sink: PushSink;
let config: string;
let agent: ChildProcess | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "branches-"));
  sink = new PushSink();
  config = join(directory, "config.alloy");
  writeFileSync(
    config,
    `loki.source.file "f" {
  targets    = [{__path__ = ${JSON.stringify(join(directory, "app.log"))}, job = "a"}]
  forward_to = [loki.process.blocks.receiver, loki.process.lines.receiver]
}
loki.process "blocks" {
  forward_to = [loki.write.w.receiver]
  stage.static_labels { values = {way = "blocks"} }
  stage.multiline {
    firstline     = "^begin"
    max_wait_time = "1m"
  }
}
loki.process "lines" {
  forward_to = [loki.write.w.receiver]
  stage.static_labels { values = {way = "lines"} }
}
loki.write "w" {
  endpoint {
    url        = ${JSON.stringify(await sink.listen())}
    batch_wait = "50ms"
    batch_size = "500B"
  }
}
`,
  );
});
afterEach(async () => {
  await kill();
  sink.close();
  rmSync(directory, { recursive: true });
});

function start(): void {
  const flags = [`--storage.path=${join(directory, "data")}`, "--server.http.listen-addr=127.0.0.1:0"];
  agent = spawn(process.execPath, [main, "run", config, ...flags], { stdio: "ignore" });
}

async function kill(): Promise<void> {
  if (agent === undefined || agent.exitCode !== null || agent.signalCode !== null) return;
  agent.kill("SIGKILL");
  await once(agent, "exit");
}

const taken = (way: string): string[] =>
  [...sink.streams].filter(([labels]) => labels.includes(`way="${way}"`)).flatMap(([, lines]) => lines);

test(
  "a file that goes two ways comes once each way, though one holds lines back and the agent is killed",
  { timeout: 120_000 },
  async () => {
    const written: string[] = [];
    for (let round = 0; round < 6; round++) {
      const lines = Array.from({ length: 20 }, (_, i) => (i % 7 === 0 ? `begin ${round} ${i}` : `on ${round} ${i}`));
      written.push(...lines);
      appendFileSync(join(directory, "app.log"), lines.map((line) => `${line}\n`).join(""));
      start();
      await expect.poll(() => taken("lines").length, { timeout: 40_000 }).toBeGreaterThanOrEqual(written.length);
      await kill();
    }
    appendFileSync(join(directory, "app.log"), "begin the last\n");
    start();
    const blocks = written.join("\n").split(/\n(?=begin)/);
    written.push("begin the last");
    await expect.poll(() => taken("blocks").length, { timeout: 40_000 }).toBeGreaterThanOrEqual(blocks.length);
    await expect.poll(() => taken("lines").length, { timeout: 40_000 }).toBeGreaterThanOrEqual(written.length);
    expect(taken("blocks")).toEqual(blocks);
    expect(taken("lines")).toEqual(written);
  },
);
