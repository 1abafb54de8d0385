import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LokiBlock } from "@ratatosk/loki-bucket";
import { sampleBucket, sampleSource } from "@ratatosk/loki-bucket/testing";
import { type LogExpr, type MetricExpr, parse } from "@ratatosk/logql";
import { afterAll, expect, test } from "vitest";
import { QueryEngine } from "./engine.ts";
import { localRunner, type ScanRunner } from "./scan/runner.ts";
import { unlimited } from "./testing/unlimited.ts";

const directory = mkdtempSync(join(tmpdir(), "engine-old-chunks-"));
afterAll(() => rmSync(directory, { recursive: true }));

const second = 1_000_000_000n;
const start = (BigInt(Date.parse("2026-01-15")) / 1000n) * second;
const end = start + 86_400n * second;

/** How often each block of Loki's is unpacked, by its checksum. */
async function unpacked(ask: (engine: QueryEngine) => Promise<unknown>): Promise<number[]> {
  const times = new Map<number, number>();
  const runner: ScanRunner = {
    concurrency: 1,
    run: (job, signal) => {
      for (const { crc } of job.pieces.flatMap(({ blocks }) => blocks as readonly LokiBlock[]))
        times.set(crc, (times.get(crc) ?? 0) + 1);
      return localRunner.run(job, signal);
    },
  };
  const source = sampleSource((await sampleBucket()).objects, directory);
  await ask(new QueryEngine({ source, runner }));
  return [...times.values()];
}

test.each([
  ["forward", true, 10_000],
  ["backward", false, 10_000],
  ["with a small limit", false, 3],
])("a query for lines unpacks no old block twice: %s", async (_, forward, limit) => {
  const expr = parse('{app=~".+"} | logfmt | level != "x"') as LogExpr;
  const query = { expr, start, end, limit, forward, intervalNs: 0n, categorized: false };
  const times = await unpacked((engine) => engine.lines(query, unlimited));
  expect(times.length).toBeGreaterThan(0);
  expect(new Set(times)).toEqual(new Set([1]));
});

test.each([
  'count_over_time({app=~".+"}[6h])',
  'sum by (app) (rate({app=~".+"} | json | __error__="" [12h]))',
  'topk(2, sum by (host) (bytes_over_time({app=~".+"} |= "a" [1d])))',
  'quantile_over_time(0.9, {app=~".+"} | logfmt | unwrap bytes | __error__="" [4h])',
])("a query for samples, whose windows overlap, unpacks no old block twice: %s", async (text) => {
  const steps = { start, step: 600_000, count: 145 };
  const times = await unpacked((engine) => engine.range(parse(text) as MetricExpr, steps, unlimited));
  expect(times.length).toBeGreaterThan(0);
  expect(new Set(times)).toEqual(new Set([1]));
});
