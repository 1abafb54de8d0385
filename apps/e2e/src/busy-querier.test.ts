import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RatatoskProcess } from "./process.ts";
import { pushLines } from "./push-lines.ts";
import { serverProcess } from "./server.ts";

const streams = 8;
const linesOfStream = 60_000;
const linesOfPush = 10_000;
const mostMemoryKib = 512 * 1024;
const startNanos = BigInt(Date.now() - 3_000_000) * 1_000_000n;

/** Queries that read every line, some of them with expressions and parsers. */
const heavy = [
  'sum by (status) (count_over_time({app="busy"} | json [1h]))',
  'quantile_over_time(0.99, {app="busy"} | json | unwrap took [1h]) by (stream)',
  'sum(count_over_time({app="busy"} |~ "user-[0-9]*77\\\\b" [1h]))',
  '{app="busy"} |~ "(?i)NEVER.*there"',
  'topk(5, sum by (user) (count_over_time({app="busy"} | json | took > 10 [1h])))',
];

let folder: string;
let server: RatatoskProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "e2e-busy-"));
  const limits = ["ingestion_rate_mb=1000", "ingestion_burst_size_mb=1000", "per_stream_rate_limit=1GB"];
  const burst = "--limits_config.per_stream_rate_limit_burst=1GB";
  const flags = [...limits.map((limit) => `--limits_config.${limit}`), burst, "--querier.max_concurrent=2"];
  server = await (await serverProcess({ folder, flags })).start();
  for (let stream = 0; stream < streams; stream++)
    for (let from = 0; from < linesOfStream; from += linesOfPush) {
      const lines = Array.from({ length: linesOfPush }, (_, i) => line(stream, from + i));
      await pushLines(server.url, { app: "busy", stream: String(stream) }, lines, startNanos + BigInt(from));
    }
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const line = (stream: number, i: number): string =>
  JSON.stringify({
    level: "info",
    status: 200 + (i % 5),
    took: (i * 31) % 997,
    user: `user-${i % 1000}`,
    path: `/${stream}/${i}`,
  });

function query(text: string, signal?: AbortSignal): Promise<Response> {
  const range = text.startsWith("{") ? { start: String(startNanos) } : {};
  const path = text.startsWith("{") ? "query_range" : "query";
  const parameters = new URLSearchParams({ query: text, ...range });
  return fetch(`${server.url}/loki/api/v1/${path}?${parameters.toString()}`, signal && { signal });
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const values = text.split("\n").filter((line) => line.startsWith(name));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

test("while ten heavy queries run, others are answered, and memory stays within bounds", async () => {
  let running = 0;
  const answers = [...heavy, ...heavy].map(async (text) => {
    running++;
    const response = await query(text);
    const body = await response.text();
    running--;
    return [response.status, body.slice(0, 20)];
  });
  for (let i = 0; i < 20; i++) {
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    const labels = (await (await fetch(`${server.url}/loki/api/v1/labels`)).json()) as { data: string[] };
    expect(labels.data).toContain("stream");
  }
  expect(running).toBeGreaterThan(0); // all of these came before the last of the heavy ones
  expect(await Promise.all(answers)).toEqual(answers.map(() => [200, '{"status":"success",']));
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))![1];
  expect(Number(peak)).toBeLessThan(mostMemoryKib);
});

test("closing the connection stops the work", async () => {
  const before = await metric("loki_logql_queries_failed_total");
  const aborter = new AbortController();
  const queries = heavy.map((text) => query(text, aborter.signal));
  await sleep(150);
  aborter.abort();
  await Promise.allSettled(queries);
  while ((await metric("loki_logql_queries_failed_total")) === before) await sleep(20);
  await sleep(500);
  const [cpuBefore, bytesBefore] = [await metric("process_cpu_seconds_total"), await bytesRead()];
  await sleep(1000);
  expect((await metric("process_cpu_seconds_total")) - cpuBefore).toBeLessThan(0.3);
  expect(await bytesRead()).toBe(bytesBefore);
});

const bytesRead = (): Promise<number> => metric("loki_logql_querystats_bytes_processed_total");
