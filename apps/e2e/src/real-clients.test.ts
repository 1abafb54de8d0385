import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RatatoskProcess } from "./process.ts";
import { serverProcess } from "./server.ts";
import { until } from "./until.ts";

// Senders that other people wrote, unchanged: `apps/e2e/clients/install.sh` fetches them.

const run = promisify(execFile);
const clients = process.env["RATATOSK_CLIENTS"] ?? join(homedir(), ".cache/ratatosk-clients");
const scripts = fileURLToPath(new URL("../clients", import.meta.url));
const python = join(clients, "python/bin/otlp-ready");
const hasNode = existsSync(join(clients, "node_modules/winston-loki"));
const hasPython = existsSync(python);
if (!hasNode && process.env["RATATOSK_REQUIRE_REAL_PARTS"] === "1")
  throw new Error("apps/e2e/clients/install.sh failed");
if (!hasPython) process.stderr.write("SKIPPED: python-logging-loki and OpenTelemetry for Python are not installed\n");

const folder = mkdtempSync(join(tmpdir(), "e2e-clients-"));
let server: RatatoskProcess;

beforeAll(async () => {
  server = await serverProcess({ folder });
  await server.start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

interface Line {
  readonly labels: Readonly<Record<string, string>>;
  readonly line: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly nanos: bigint;
}

/** The lines of a selector, oldest first, once there are so many. */
async function linesOf(selector: string, count: number): Promise<Line[]> {
  return until(async () => {
    const parameters = new URLSearchParams({ query: selector, direction: "forward", since: "1h" });
    const response = await fetch(`${server.url}/loki/api/v1/query_range?${parameters.toString()}`, {
      headers: { "X-Loki-Response-Encoding-Flags": "categorize-labels" },
    });
    const { data } = (await response.json()) as { data: { result: { stream: Line["labels"]; values: Value[] }[] } };
    const lines = data.result.flatMap(({ stream, values }) =>
      values.map(([nanos, line, more]) => ({
        labels: stream,
        line,
        metadata: more?.structuredMetadata ?? {},
        nanos: BigInt(nanos),
      })),
    );
    return lines.length === count && lines.sort((a, b) => (a.nanos < b.nanos ? -1 : 1));
  }) as Promise<Line[]>;
}

type Value = [nanos: string, line: string, more?: { structuredMetadata?: Record<string, string> }];

const nowNanos = (): bigint => BigInt(Date.now()) * 1_000_000n;

async function post(path: string, headers: Record<string, string>, body: string | Buffer): Promise<number> {
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers,
    body: new Uint8Array(Buffer.from(body)),
  });
  await response.text();
  return response.status;
}

describe.runIf(hasNode)("Node", () => {
  const node = (script: string): Promise<unknown> =>
    run(process.execPath, [join(scripts, script), server.url], {
      env: { ...process.env, NODE_PATH: join(clients, "node_modules") },
    });

  test("pino-loki", async () => {
    await node("pino.cjs");
    // Both are of one millisecond.
    const lines = (await linesOf('{application="pino"}', 2)).sort((a, b) => (a.line < b.line ? -1 : 1));
    const shared = { application: "pino", shop: "north", service_name: "pino", hostname: hostname() };
    expect(lines.map(({ labels }) => labels)).toEqual([
      { ...shared, level: "info" },
      { ...shared, level: "error" },
    ]);
    expect(JSON.parse(lines[0]!.line)).toMatchObject({ order: 7, msg: "order placed" });
    expect(lines.map(({ metadata }) => metadata["detected_level"])).toEqual(["info", "error"]);
  });

  test("winston-loki", async () => {
    await node("winston.cjs");
    const lines = await linesOf('{application="winston"}', 2);
    expect(lines.map(({ labels }) => labels)).toEqual(
      expect.arrayContaining(
        ["info", "error"].map((level) => ({ application: "winston", level, shop: "north", service_name: "winston" })),
      ),
    );
    expect(lines.map(({ line }) => line).sort()).toEqual([
      'order failed {"level":"error"}',
      'order placed {"level":"info"}',
    ]);
  });
});

describe.runIf(hasPython)("Python", () => {
  const send = (script: string): Promise<unknown> => run(python, [join(scripts, script), server.url]);

  test("python-logging-loki", async () => {
    await send("logging_loki_client.py");
    const lines = await linesOf('{application="python"}', 2);
    expect(lines.map(({ labels, line }) => [line, labels])).toEqual([
      [
        "order placed",
        { application: "python", severity: "info", logger: "shop", shop: "north", service_name: "python" },
      ],
      [
        "order failed",
        { application: "python", severity: "error", logger: "shop", shop: "north", service_name: "python" },
      ],
    ]);
  });

  test("OpenTelemetry's exporter", async () => {
    await send("otlp_client.py");
    const lines = await linesOf('{service_name="python-otlp"}', 2);
    expect(lines.map(({ line }) => line)).toEqual(["order placed", "order failed"]);
    const { labels } = lines[0]!;
    expect(labels).toMatchObject({ service_name: "python-otlp", deployment_environment_name: "qa" });
    expect(Object.keys(labels).filter((name) => name !== "service_instance_id")).toHaveLength(2);
    expect(lines[1]!.metadata).toMatchObject({
      shop_name: "north",
      order: "7",
      severity_text: "ERROR",
      severity_number: "17",
      scope_name: "shop",
      host_arch: "x",
      detected_level: "error",
    });
  });
});

test.each(["none", "gzip"])("as Fluent Bit's output sends it, compress %s", async (compress) => {
  const job = `fluent-bit-${compress}`;
  const record = JSON.stringify({ log: "GET / 200", kubernetes: { pod_name: "web-1" } });
  const stream = { job, stream: "stdout" };
  const values = [[String(nowNanos()), record, { trace: "7" }]];
  const body = JSON.stringify({ streams: [{ stream, values }] });
  const headers = { "User-Agent": "Fluent-Bit", "Content-Type": "application/json" };
  const packed = compress === "gzip" ? { "Content-Encoding": "gzip" } : undefined;
  const status = await post("/loki/api/v1/push", { ...headers, ...packed }, packed ? gzipSync(body) : body);
  expect(status).toBe(204);
  const [line] = await linesOf(`{job="${job}"}`, 1);
  expect(line).toMatchObject({ labels: { ...stream, service_name: job }, line: record, metadata: { trace: "7" } });
});

test("as Vector's sink sends it: a look at /ready, then streams in JSON, gzip, of a tenant", async () => {
  expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  const first = nowNanos();
  const values = [0n, 1n].map((at) => [String(first + at), `{"message":"line ${at}"}`]);
  const body = JSON.stringify({ streams: [{ stream: { forwarder: "vector" }, values }] });
  const headers = {
    "Content-Type": "application/json",
    "Content-Encoding": "gzip",
    "User-Agent": "Vector/0.50.0",
    "X-Scope-OrgID": "shop",
  };
  expect(await post("/loki/api/v1/push", headers, gzipSync(body))).toBe(204);
  const lines = await linesOf('{forwarder="vector"}', 2);
  expect(lines.map(({ line }) => line)).toEqual(['{"message":"line 0"}', '{"message":"line 1"}']);
});

test("curl, as Loki's documentation shows it", async () => {
  const body = `{"streams": [{ "stream": { "foo": "bar2" }, "values": [ [ "${nowNanos()}", "fizzbuzz" ] ] }]}`;
  const url = `${server.url}/loki/api/v1/push`;
  const flags = ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Content-Type: application/json"];
  const { stdout } = await run("curl", [...flags, "-XPOST", url, "--data-raw", body]);
  expect(stdout).toBe("204");
  expect(await linesOf('{foo="bar2"}', 1)).toMatchObject([{ line: "fizzbuzz", labels: { foo: "bar2" } }]);
});
