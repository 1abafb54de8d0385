import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PushSink } from "./testing/push-sink.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
let directory = "";
let sink = new PushSink();
let url = "";
let agent: ChildProcess | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "agent-"));
  sink = new PushSink();
  url = await sink.listen();
});
afterEach(async () => {
  await kill("SIGKILL");
  sink.close();
  rmSync(directory, { recursive: true, force: true });
});

const log = (): string => join(directory, "app.log");
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);
const write = (lines: readonly string[]): void => appendFileSync(log(), lines.map((line) => `${line}\n`).join(""));

function start(more = "", stages = "", batchWaitMs = 50): void {
  writeFileSync(
    join(directory, "agent.yaml"),
    `server: {disable: true}
positions: {filename: ${directory}/positions.yaml, sync_period: 300ms}
clients:
- {url: "${url}", batchwait: ${batchWaitMs}ms, batchsize: 2000, backoff_config: {min_period: 20ms, max_period: 100ms}}
scrape_configs:
- job_name: test
  static_configs: [{labels: {job: test, __path__: "${directory}/app.log"}}]
${stages}${more}`,
  );
  agent = spawn(process.execPath, [main, `-config.file=${directory}/agent.yaml`, "-log.level=error"], {
    stdio: "ignore",
  });
}

async function kill(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (agent === undefined || agent.exitCode !== null || agent.signalCode !== null) return;
  const ended = once(agent, "exit");
  agent.kill(signal);
  await ended;
}

const linesOf = (stream: string): string[] =>
  [...sink.streams].filter(([labels]) => labels.includes(`stream="${stream}"`)).flatMap(([, lines]) => lines);

function readPositions(): string {
  return existsSync(join(directory, "positions.yaml")) ? readFileSync(join(directory, "positions.yaml"), "utf8") : "";
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const end = Date.now() + 40_000; !isTrue() && Date.now() < end;) await sleep(20);
}

async function received(count: number): Promise<void> {
  await until(() => sink.lines.length >= count);
  await sleep(100);
}

test(
  "every line comes once, in order, though the agent is killed and the server refuses at random",
  { timeout: 60_000 },
  async () => {
    sink.answer = (request) => (request % 3 === 0 ? 500 : 204);
    let written = 0;
    for (let round = 0; round < 6; round++) {
      start();
      for (let i = 0; i < 8; i++) {
        write(numbered(written + 1, (written += 50)));
        await sleep(60 + ((round * 37 + i * 13) % 60));
      }
      await kill("SIGKILL");
    }
    start();
    await received(written);
    expect(sink.lines).toEqual(numbered(1, written));
  },
);

test(
  "a batch that ends within what was read at once is not sent again after a crash",
  { timeout: 120_000 },
  async () => {
    sink.answer = (request) => (request > 40 ? 503 : 204);
    write(numbered(1, 8000));
    for (let round = 0; round < 3; round++) {
      start();
      await received(1000 * (round + 1));
      await kill("SIGKILL");
      sink.answer = () => 204;
    }
    start();
    await received(8000);
    expect(sink.lines).toEqual(numbered(1, 8000));
  },
);

const perStream = `  pipeline_stages:
  - regex: {expression: '^(?P<stream>[a-z]+) '}
  - labels: {stream: ""}
  - multiline: {firstline: '^[a-z]+ begin'}
`;

/** Lines of three streams, interleaved; one block goes over six of them, the others begin with each. */
const interleaved = (n: number): string[] => {
  const fast = [`a begin ${n}`, `b begin ${n}`, `b on ${n}`, `a on ${n}`, `b end ${n}`, `a end ${n}`];
  return [n % 6 === 0 ? `slow begin ${n}` : `slow on ${n}`, ...fast];
};

/** What `multiline` makes of lines of a stream. */
function blocksOf(lines: readonly string[], stream: string): string[] {
  const blocks = lines.filter((line) => line.startsWith(`${stream} `)).join("\n");
  return blocks.split(/\n(?=[a-z]+ begin)/);
}

test(
  "blocks of streams that are interleaved in one file come once, though the agent is killed",
  { timeout: 120_000 },
  async () => {
    const written: string[] = [];
    for (let n = 0; n < 54; n++) {
      if (n % 9 === 0) start("", perStream);
      written.push(...interleaved(n));
      write(interleaved(n));
      if (n % 9 !== 8) continue;
      await until(() => sink.lines.some((block) => block.startsWith(`b begin ${n - 1}\n`)));
      await kill("SIGKILL");
    }
    start("", perStream);
    const expected = ["slow", "a", "b"].map((stream) => blocksOf(written, stream));
    await received(expected.flat().length);
    for (const [i, stream] of ["slow", "a", "b"].entries())
      expect(linesOf(stream).toSorted()).toEqual(expected[i]!.toSorted());
  },
);

test(
  "a block that is sent after those behind it holds the position back until it is durable",
  { timeout: 120_000 },
  async () => {
    const lines = Array.from({ length: 7 }, (_, n) => interleaved(n)).flat();
    sink.answer = () => 503;
    write(lines);
    start("", perStream, 20_000);
    await until(() => readPositions().includes("app.log"));
    await sleep(700);
    await kill("SIGKILL");
    sink.answer = () => 204;
    start("", perStream);
    const expected = ["slow", "a", "b"].flatMap((stream) => blocksOf(lines, stream));
    await received(expected.length);
    expect(sink.lines.toSorted()).toEqual(expected.toSorted());
  },
);

test("files that are renamed away every few moments are read to their end", { timeout: 60_000 }, async () => {
  write(["line 1"]);
  start();
  await received(1);
  for (let round = 0; round < 12; round++) {
    write(numbered(2 + round * 40, 41 + round * 40));
    renameSync(log(), `${log()}.${round}`);
    writeFileSync(log(), "");
    await sleep(150);
  }
  await received(481);
  expect(sink.lines).toEqual(numbered(1, 481));
});

test.each(["SIGKILL", "SIGTERM"] as const)(
  "files that come and are renamed away while the agent is down (%s) are read in their order",
  { timeout: 60_000 },
  async (signal) => {
    write(numbered(1, 10));
    writeFileSync(`${log()}.json`, "another log\n");
    start();
    await received(10);
    await sleep(500);
    await kill(signal);
    write(numbered(11, 20));
    for (let round = 0; round < 4; round++) {
      // The way of logrotate: what was moved aside is moved on.
      for (let old = round; old > 0; old--) renameSync(`${log()}.${old}`, `${log()}.${old + 1}`);
      renameSync(log(), `${log()}.1`);
      write(numbered(21 + round * 10, 30 + round * 10));
      appendFileSync(`${log()}.json`, "another log\n");
      await sleep(20);
    }
    start();
    await received(60);
    expect(sink.lines).toEqual(numbered(1, 60));
    await kill("SIGTERM");
    start();
    await sleep(1500);
    expect(sink.lines).toEqual(numbered(1, 60));
  },
);

test("a file that is copied and truncated goes on at its beginning", { timeout: 30_000 }, async () => {
  write(numbered(1, 20));
  start();
  await received(20);
  copyFileSync(log(), `${log()}.1`);
  truncateSync(log());
  await sleep(300);
  write(["new"]);
  await received(21);
  expect(sink.lines).toEqual([...numbered(1, 20), "new"]);
});

test("the one bad entry of a batch becomes a dead letter, the others arrive", { timeout: 30_000 }, async () => {
  sink.answer = (_, lines) => (lines.includes("line 13") ? 400 : 204);
  write(numbered(1, 40));
  start();
  await received(39);
  expect(sink.lines).toEqual(numbered(1, 40).filter((line) => line !== "line 13"));
});

test.each([
  ["refuses everything", (): void => void (sink.answer = () => 503)],
  ["never answers", (): void => void (sink.isSilent = true)],
])(
  "stopping while the server %s takes less than five seconds and loses nothing",
  { timeout: 60_000 },
  async (_, begin) => {
    begin();
    write(numbered(1, 30));
    start();
    await until(() => sink.requests > 0);
    const began = Date.now();
    await kill("SIGTERM");
    expect(Date.now() - began).toBeLessThan(5000);
    sink.answer = () => 204;
    sink.isSilent = false;
    start();
    await received(30);
    expect(sink.lines).toEqual(numbered(1, 30));
    await kill("SIGTERM");
    expect(readFileSync(join(directory, "positions.yaml"), "utf8")).toContain(`${log()}: "`);
  },
);

test("a positions file of NUL bytes does not keep the agent from starting", { timeout: 30_000 }, async () => {
  writeFileSync(join(directory, "positions.yaml"), "\0".repeat(100));
  write(numbered(1, 3));
  start();
  await received(3);
  expect(sink.lines).toEqual(numbered(1, 3));
});

test("a positions file that is no YAML ends the agent, its pages too", async () => {
  const config = join(directory, "pages.yaml");
  writeFileSync(join(directory, "positions.yaml"), "positions: [broken\n");
  writeFileSync(
    config,
    `server: {http_listen_address: 127.0.0.1, http_listen_port: 0}
positions: {filename: ${directory}/positions.yaml}
clients: [{url: "${url}"}]
`,
  );
  agent = spawn(process.execPath, [main, `-config.file=${config}`], { stdio: "ignore" });
  expect(await once(agent, "exit")).toEqual([1, null]);
});

test("messages that come after a restart are not taken for those before it", { timeout: 60_000 }, async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  const source = `- job_name: syslog
  syslog: {listen_address: "127.0.0.1:${port}", labels: {job: syslog}}
`;
  for (const [round, signal] of (["SIGTERM", "SIGKILL", "SIGTERM"] as const).entries()) {
    start(source);
    const texts = numbered(round * 10 + 1, round * 10 + 10);
    await send(port, texts.map((text) => `<13>1 - host app - - - ${text}\n`).join(""));
    await received(round * 10 + 10);
    await kill(signal);
  }
  expect(sink.lines).toEqual(numbered(1, 30));
});

/** Sends over TCP, as soon as somebody listens. */
async function send(port: number, text: string): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) {
    const socket = connect(port, "127.0.0.1");
    const isConnected = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    if (isConnected) return void socket.end(text);
  }
}
