import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LokiBlock } from "@ratatosk/loki-bucket";
import { sampleBucket, sampleSource, writeChunk } from "@ratatosk/loki-bucket/testing";
import { type LogExpr, type MetricExpr, parse } from "@ratatosk/logql";
import type { Chunk, ChunkSource, Selection, SourceResult } from "@ratatosk/model";
import { afterAll, describe, expect, test } from "vitest";
import { QueryEngine } from "./engine.ts";
import { KeptResults } from "./kept/kept-results.ts";
import { localRunner, type ScanRunner } from "./scan/runner.ts";
import { unlimited } from "./testing/unlimited.ts";

const directory = mkdtempSync(join(tmpdir(), "engine-old-chunks-"));
afterAll(() => rmSync(directory, { recursive: true }));

const second = 1_000_000_000n;
const start = (BigInt(Date.parse("2026-01-15")) / 1000n) * second;
const end = start + 86_400n * second;

const roomy = { memoryBytes: 2 ** 26, diskBytes: 0 };
const onDisk = { memoryBytes: 0, diskBytes: 2 ** 26 };
const tight = { memoryBytes: 2 ** 20, diskBytes: 2 ** 26 };
const noRoom = { memoryBytes: 0, diskBytes: 0 };

/** Six blocks, each of which overlaps the two before it, in two chunks. */
function overlappingChunks(lineBytes: number): Uint8Array[] {
  const blocks = Array.from({ length: 6 }, (_, at) =>
    Array.from({ length: 300 }, (_, i) => ({
      time: start + BigInt(at * 1000 + i * 10) * second,
      line: `block ${at} line ${i} `.padEnd(lineBytes, "x"),
    })),
  );
  const chunkOf = (rest: number): Uint8Array =>
    writeChunk(
      [["app", "wide"]],
      blocks.filter((_, at) => at % 2 === rest),
    );
  return [chunkOf(0), chunkOf(1)];
}

/** How many blocks of Loki's there are to read, how many were unpacked, and the answer. */
async function unpacked<T>(
  ask: (engine: QueryEngine) => Promise<T>,
  { room = roomy, kept, others = [] }: { room?: typeof roomy; kept?: KeptResults; others?: readonly Uint8Array[] } = {},
): Promise<{ blocks: number; times: number; answer: T }> {
  const seen = new Set<string>();
  const source = sampleSource((await sampleBucket({ others })).objects, directory, room);
  const watched = watch(source, (block) => seen.add(block));
  let packed = 0;
  const runner: ScanRunner = {
    concurrency: 2,
    run: (job, signal) => {
      const blocks = job.pieces.flatMap((piece) => piece.blocks as readonly LokiBlock[]);
      packed += blocks.filter(({ crc }) => crc !== undefined).length;
      return localRunner.run(job, signal);
    },
  };
  const answer = await ask(new QueryEngine({ source: watched, runner, kept }));
  return { blocks: seen.size, times: packed + source.bucket.chunks.unpackedBlocks, answer };
}

/** A source that tells which blocks are read. */
function watch(source: ChunkSource, read: (block: string) => void): ChunkSource {
  const watched = (chunk: Chunk): Chunk => ({
    ...chunk,
    blocks: async (signal, skip) =>
      (await chunk.blocks(signal, skip)).map((block, at) => ({
        ...block,
        fetch: (want, until) => {
          read(`${chunk.identity} ${at}`);
          return block.fetch(want, until);
        },
      })),
  });
  return Object.assign(Object.create(source) as ChunkSource, {
    select: async (selection: Selection, signal: AbortSignal): Promise<SourceResult> => {
      const { chunks, ...result } = await source.select(selection, signal);
      return { ...result, chunks: chunks.map(watched) };
    },
  });
}

const steps = { start, step: 600_000, count: 145 };
const rangeOf =
  (text: string) =>
  async (engine: QueryEngine): Promise<unknown> =>
    (await engine.range(parse(text) as MetricExpr, steps, unlimited)).result;

test.each([
  ["forward", true, 10_000],
  ["backward", false, 10_000],
  ["with a small limit", false, 3],
])("a query for lines unpacks no old block twice: %s", async (_, forward, limit) => {
  const expr = parse('{app=~".+"} | logfmt | level != "x"') as LogExpr;
  const query = { expr, start, end, limit, forward, intervalNs: 0n, categorized: false };
  const { blocks, times } = await unpacked((engine) => engine.lines(query, unlimited), { room: noRoom });
  expect(blocks).toBeGreaterThan(0);
  expect(times).toBe(blocks);
});

test.each([
  'count_over_time({app=~".+"}[6h])',
  'sum by (app) (rate({app=~".+"} | json | __error__="" [12h]))',
  'topk(2, sum by (host) (bytes_over_time({app=~".+"} |= "a" [1d])))',
  'quantile_over_time(0.9, {app=~".+"} | logfmt | unwrap bytes | __error__="" [4h])',
])("a query for samples, whose windows overlap, unpacks no old block twice: %s", async (text) => {
  const { blocks, times } = await unpacked(rangeOf(text), { room: noRoom });
  expect(blocks).toBeGreaterThan(0);
  expect(times).toBe(blocks);
});

const parts = [
  'count_over_time({app=~".+"}[1h]) / count_over_time({app=~".+"}[1h])',
  'sum(rate({app=~".+"} |= "a" [1h])) / sum(rate({env="prod"}[2h]))',
  'sum(rate({app=~".+"}[1h])) - sum(rate({app=~".+"} | logfmt [1h])) + sum(rate({host!=""}[1h]))',
  'sum(count_over_time({app=~".+"}[1h])) - sum(count_over_time({app=~".+"}[1h] offset 30m))',
];
test.each(parts.flatMap((text) => [roomy, tight, onDisk].map((room) => [text, room] as const)))(
  "parts of a query that read the same old blocks unpack each once: %s, room %j",
  async (text, room) => {
    const { blocks, times, answer } = await unpacked(rangeOf(text), { room });
    expect(times).toBe(blocks);
    const plain = await unpacked(rangeOf(text), { room: noRoom });
    expect(plain.times).toBeGreaterThan(plain.blocks);
    expect(answer).toEqual(plain.answer);
  },
);

test("hours before and after one that is kept unpack no old block twice", async () => {
  const others = overlappingChunks(30);
  const text = 'sum by (app) (count_over_time({app="wide"}[2h]))';
  const kept = new KeptResults(2 ** 20);
  const hour = { start: start + 7200n * second, step: 600_000, count: 6 };
  const keep = async (engine: QueryEngine) => engine.range(parse(text) as MetricExpr, hour, unlimited);
  const plain = await unpacked(
    async (engine) => {
      await keep(engine);
      return rangeOf(text)(engine);
    },
    { others, kept: new KeptResults(2 ** 20), room: noRoom },
  );
  await unpacked(keep, { others, kept });
  const { blocks, times, answer } = await unpacked(rangeOf(text), { others, kept });
  expect(times).toBe(blocks);
  expect([answer, plain.times > times]).toEqual([plain.answer, true]);
});

describe("blocks that overlap and are more than one job holds", () => {
  const others = overlappingChunks(10_000);
  const lines = (forward: boolean) => {
    const expr = parse('{app="wide"} |= "line 7"') as LogExpr;
    const query = { expr, start, end, limit: 5000, forward, intervalNs: 0n, categorized: false };
    return async (engine: QueryEngine): Promise<unknown> => (await engine.lines(query, unlimited)).result;
  };
  test.each([
    ["lines, forward", lines(true)],
    ["lines, backward", lines(false)],
    ["samples", rangeOf('sum(count_over_time({app="wide"}[1h]))')],
  ])("are unpacked once each: %s", async (_, ask) => {
    const plain = await unpacked(ask, { room: noRoom, others });
    expect([plain.blocks, plain.times > 6]).toEqual([6, true]);
    for (const room of [tight, onDisk]) {
      const { times, answer } = await unpacked(ask, { room, others });
      expect(times).toBe(6);
      expect(answer).toEqual(plain.answer);
    }
  });
});

const counts = parse('sum by (app) (count_over_time({app=~".+"}[1h]))') as MetricExpr;
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
