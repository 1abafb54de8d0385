import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "@ratatosk/observability";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AlloyAgent } from "../alloy-agent.ts";
import type { ResourceLogs } from "./logs.ts";

let directory: string;
let server: Server;
/** What the server answers, and what it took. */
let status = 200;
let isRefused: (lines: readonly string[]) => boolean = () => false;
let asked = 0;
const taken: { id: IncomingHttpHeaders[string]; lines: string[] }[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "otlphttp-"));
  taken.length = asked = 0;
  isRefused = () => false;
  server = createServer(
    (incoming, outgoing) => void take(incoming).then((code) => outgoing.writeHead(code).end("no\n")),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

async function take(incoming: IncomingMessage): Promise<number> {
  const { resourceLogs } = (await json(incoming)) as { resourceLogs: ResourceLogs[] };
  asked += 1;
  const records = resourceLogs.flatMap(({ scopeLogs = [] }) => scopeLogs).flatMap((scope) => scope.logRecords ?? []);
  const lines = records.map(({ body }) => body!.stringValue!);
  const answer = isRefused(lines) ? 400 : status;
  if (answer === 200) taken.push({ id: incoming.headers["x-ratatosk-batch"], lines });
  return answer;
}

async function started(queue = ""): Promise<AlloyAgent> {
  const { port } = server.address() as AddressInfo;
  const text = `
loki.source.file "f" {
  targets    = [{__path__ = ${JSON.stringify(join(directory, "app.log"))}, job = "a"}]
  forward_to = [otelcol.receiver.loki.r.receiver]
}
otelcol.receiver.loki "r" {
  output { logs = [otelcol.exporter.otlphttp.o.input] }
}
otelcol.exporter.otlphttp "o" {
  encoding = "json"
  client {
    endpoint    = "http://127.0.0.1:${port}"
    compression = "none"
  }
  retry_on_failure {
    initial_interval = "20ms"
    max_interval     = "50ms"
  }
  ${queue}
}`;
  const agent = new AlloyAgent({
    log: createLogger("silent"),
    storagePath: join(directory, "data"),
    isExperimental: true,
    path: "c.alloy",
    read: () => [{ name: "c.alloy", text }],
  });
  agent.load();
  await agent.start();
  return agent;
}

const position = (): string =>
  readFileSync(join(directory, "data/loki.source.file.f/positions.yml"), "utf8").split("\n").slice(1).join("");

test(
  "logs wait on disk while the server is away, also when the agent is started again, and come once",
  { timeout: 120_000 },
  async () => {
    status = 503;
    writeFileSync(join(directory, "app.log"), "one\ntwo\n");
    const agent = await started();
    await expect.poll(position, { timeout: 40_000 }).toContain('app.log: "8"');
    await expect.poll(() => agent.shared.watched.servers[0]!.lastError, { timeout: 40_000 }).toBe("HTTP 503: no");
    expect(agent.shared.watched).toMatchObject({
      targets: [{ job: "loki.source.file.f", targets: [{ isReady: true, details: [{ lines: 2, bytes: 8 }] }] }],
      servers: [{ batches: 1 }],
    });
    await agent.stop();
    expect(agent.shared.watched).toEqual({ targets: [], servers: [] });
    unlinkSync(join(directory, "app.log"));
    status = 200;
    const again = await started();
    await expect.poll(() => taken.flatMap(({ lines }) => lines), { timeout: 40_000 }).toEqual(["one", "two"]);
    expect(taken[0]!.id).toMatch(/^[0-9a-f]{16}\/1$/);
    await again.stop();
  },
);

test("without a queue the position waits for the server", { timeout: 120_000 }, async () => {
  status = 503;
  writeFileSync(join(directory, "app.log"), "one\ntwo\n");
  const agent = await started("sending_queue { enabled = false }");
  await expect.poll(() => asked, { timeout: 40_000 }).toBeGreaterThan(3);
  await expect.poll(position, { timeout: 40_000 }).toContain('app.log: "0"');
  status = 200;
  await expect.poll(position, { timeout: 40_000 }).toContain('app.log: "8"');
  expect(taken).toEqual([{ id: undefined, lines: ["one", "two"] }]);
  await agent.stop();
});

test(
  "of a request that is refused the bad record alone is lost to the dead letters",
  { timeout: 120_000 },
  async () => {
    status = 200;
    isRefused = (lines) => lines.includes("bad");
    writeFileSync(join(directory, "app.log"), "one\ntwo\nbad\nthree\nfour\n");
    const agent = await started();
    await expect
      .poll(() => taken.flatMap(({ lines }) => lines), { timeout: 40_000 })
      .toEqual(["one", "two", "three", "four"]);
    expect(taken.map(({ id }) => String(id).replace(/^[0-9a-f]{16}/, "queue"))).toEqual(["queue.1/2", "queue.1/7"]);
    await agent.stop();
    const letters = readFileSync(join(directory, "data/otelcol.exporter.otlphttp.o/dead-letters.jsonl"), "utf8");
    const [letter, ...others] = letters.trimEnd().split("\n");
    expect(others).toEqual([]);
    expect(JSON.parse(letter!)).toMatchObject({
      status: 400,
      reason: "no",
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: "bad" } }] }] }],
    });
  },
);
