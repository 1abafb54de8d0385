import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LokiBlock } from "@ratatosk/loki-bucket";
import { sampleBucket, sampleSource } from "@ratatosk/loki-bucket/testing";
import { type LogExpr, type MetricExpr, parse } from "@ratatosk/logql";
import { afterAll, expect, test } from "vitest";
import { QueryEngine } from "./engine.ts";
import { KeptResults } from "./kept/kept-results.ts";
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

const counts = parse('sum by (app) (count_over_time({app=~".+"}[1h]))') as MetricExpr;
const steps = { start, step: 600_000, count: 145 };

test("hours over old chunks are computed once", async () => {
  const { objects } = await sampleBucket();
  const engine = new QueryEngine({ source: sampleSource(objects, directory), kept: new KeptResults(2 ** 20) });
  const first = await engine.range(counts, steps, unlimited);
  const second = await engine.range(counts, steps, unlimited);
  expect(first.stats.blocksRead).toBeGreaterThan(0);
  expect([second.stats.blocksRead, second.stats.spansKept]).toEqual([0, first.stats.spans]);
  expect(second.result).toEqual(first.result);
});

type Objects = Awaited<ReturnType<typeof sampleBucket>>["objects"];

test.each([
  ["missing", async (objects: Objects, key: string) => objects.delete([key])],
  ["cut off", async (objects: Objects, key: string) => objects.put(key, (await objects.get(key)).subarray(0, 99))],
])("an answer without a chunk that is %s is not kept", async (what, damage) => {
  const { objects, chunks } = await sampleBucket();
  const [key] = chunks;
  const whole = await objects.get(key!);
  await damage(objects, key!);
  const source = sampleSource(objects, join(directory, what));
  const engine = new QueryEngine({ source, kept: new KeptResults(2 ** 20) });
  const damaged = await engine.range(counts, steps, unlimited);
  expect(damaged.warnings).toHaveLength(1);
  await objects.put(key!, whole);
  const healed = await engine.range(counts, steps, unlimited);
  expect([healed.warnings, healed.stats.spansKept]).toEqual([[], 0]);
  expect(healed.result).not.toEqual(damaged.result);
});
