import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentProcess } from "./agent.ts";
import { DockerEngine } from "./docker-engine.ts";
import type { RatatoskProcess } from "./process.ts";
import { readBackOnce } from "./read-back.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";
import { until } from "./until.ts";

const programs = { dockerd: realPart("dockerd"), docker: realPart("docker"), busybox: realPart("busybox") };
const { dockerd, docker, busybox } = programs;
const folder = mkdtempSync(join(tmpdir(), "e2e-docker-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Targets {
  readonly jobs: readonly {
    readonly targets: readonly { readonly details: readonly { readonly name: string; readonly lagBytes?: number }[] }[];
  }[];
}

const numbered = (count: number, text: string): string[] => Array.from({ length: count }, (_, i) => `${text} ${i + 1}`);
const printing = (count: number, text: string): string =>
  `i=1; while [ $i -le ${count} ]; do echo "${text} $i"; i=$((i+1)); done`;

const containersOf = ({ socket }: DockerEngine): string => `job_name: containers
docker_sd_configs: [{host: "unix://${socket}", refresh_interval: 5s}]
relabel_configs:
  - {source_labels: [__meta_docker_container_name], regex: "/(.*)", target_label: container}
  - {source_labels: [__meta_docker_container_log_stream], target_label: stream}
pipeline_stages:
  - match: {selector: '{container=~"blocks.*"}', stages: [{multiline: {firstline: begin}}]}`;

describe.runIf(dockerd && docker && busybox)("containers of a real Docker engine: every line once", () => {
  const startNanos = BigInt(Date.now()) * 1_000_000n;
  let engine: DockerEngine;
  let server: RatatoskProcess;
  let agent: RatatoskProcess;

  beforeAll(async () => {
    engine = await DockerEngine.start({ dockerd: dockerd!, busybox: busybox! }, join(folder, "engine"));
    const flags = ["--limits_config.ingestion_rate_mb=200", "--limits_config.ingestion_burst_size_mb=400"];
    const streams = [
      "--limits_config.per_stream_rate_limit=200MB",
      "--limits_config.per_stream_rate_limit_burst=400MB",
    ];
    server = await (await serverProcess({ folder: join(folder, "server"), flags: [...flags, ...streams] })).start();
    agent = await agentProcess({ folder, serverUrl: server.url, jobs: [containersOf(engine)] });
    await agent.start({ untilReady: false });
  }, 120_000);
  afterAll(async () => {
    await agent?.stop();
    await server?.kill();
    await engine?.stop();
  }, 60_000);

  const linesOf = async (container: string, count: number): Promise<string[]> =>
    (await readBackOnce(server.url, `{container="${container}"}`, { count, startNanos })).sort();

  test("one that lives for a moment, both streams", async () => {
    await engine.run("short", 'echo "to out"; echo "to err" >&2');
    expect(await linesOf("short", 2)).toEqual(["to err", "to out"]);
  });

  test("one that crashes and is started again and again", async () => {
    await engine.run("crashing", 'echo "before the crash $(cat /proc/uptime)"; exit 1', ["--restart", "on-failure:5"]);
    const lines = await linesOf("crashing", 6);
    expect(lines).toHaveLength(6);
    expect(new Set(lines).size).toBe(6);
  });

  test("one with a terminal", async () => {
    await engine.run("terminal", printing(50, "typed"), ["--tty"]);
    expect(await linesOf("terminal", 50)).toEqual(numbered(50, "typed").sort());
  });

  test("one whose log the engine rotates, while the agent is killed and stopped", async () => {
    const rotation = ["--log-opt", "max-size=200k", "--log-opt", "max-file=20"];
    const script = `${printing(8000, "rotated away")} | while read line; do echo "$line"; case "$line" in *00) sleep 0.1;; esac; done`;
    await engine.run("rotating", script, rotation);
    for (const end of ["kill", "stop", "kill"] as const) {
      await sleep(1500);
      await agent[end]();
      await agent.start({ untilReady: false });
    }
    expect(await linesOf("rotating", 8000)).toEqual(numbered(8000, "rotated away").sort());
  });

  test("blocks of lines, interleaved on both streams, while the agent is killed", async () => {
    const rounds = 60;
    const block = (stream: string, to: string): string[] =>
      ["begin", "on", "end"].map((word) => `echo "${word} ${stream} $i"${to}`);
    const [out, err] = [block("out", ""), block("err", " >&2")];
    // One block of the other stream is open while three of this one are sent.
    const slow = `case $((i % 3)) in 0) ${err[0]};; 1) ${err[1]};; 2) ${err[2]};; esac`;
    await engine.run(
      "blocks",
      `i=0; while [ $i -lt ${rounds} ]; do ${out[0]}; ${slow}; ${out[1]}; ${out[2]}; sleep 0.1; i=$((i+1)); done`,
    );
    for (let kill = 0; kill < 3; kill++) {
      await sleep(1500);
      await agent.kill();
      await agent.start({ untilReady: false });
    }
    const fast = Array.from({ length: rounds }, (_, i) => ["begin", "on", "end"].map((word) => `${word} out ${i}`));
    const long = Array.from({ length: rounds / 3 }, (_, i) =>
      ["begin", "on", "end"].map((word, line) => `${word} err ${3 * i + line}`),
    );
    const expected = [...fast, ...long].map((lines) => lines.join("\n"));
    expect(await linesOf("blocks", expected.length)).toEqual(expected.toSorted());
  });

  test("one that rests: that it is read to its end is told from the engine's file", async () => {
    await engine.run("resting", `${printing(20, "resting")}; sleep 300`);
    expect(await linesOf("resting", 20)).toEqual(numbered(20, "resting").sort());
    const lag = async (): Promise<unknown> => {
      const { jobs } = (await (await fetch(`${agent.url}/api/v1/targets`)).json()) as Targets;
      const details = jobs.flatMap(({ targets }) => targets.flatMap((target) => target.details));
      return details.find(({ name }) => name === "/resting")?.lagBytes;
    };
    await until(async () => (await lag()) === 0);
  });

  test("one that prints 50 MB in bursts", async () => {
    const burst = 'yes "$(head -c 999 /dev/zero | tr "\\0" x)" | head -n 10000 | nl -ba -w1';
    await engine.run("bursts", `for burst in 1 2 3 4 5; do ${burst} | sed "s/^/$burst-/"; sleep 1; done`);
    const lines = await linesOf("bursts", 50_000);
    expect(lines).toHaveLength(50_000);
    expect(new Set(lines.map((line) => line.slice(0, line.indexOf("\t")))).size).toBe(50_000);
  });
});
