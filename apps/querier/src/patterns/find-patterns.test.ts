import { existsSync, readFileSync } from "node:fs";
import { QueryEngine } from "@ratatosk/engine";
import { blockOf, type MemoryEntry } from "@ratatosk/engine/testing";
import { type ChunkSource, formatLabels, type Labels, type Selection, type SourceResult } from "@ratatosk/model";
import { MemoryStore } from "@ratatosk/object-store";
import { createLogger, Registry } from "@ratatosk/observability";
import {
  createStore,
  indexContent,
  sealBlock,
  type Store,
  StoreConfig,
  writeIndex,
  writeSegment,
} from "@ratatosk/store";
import { expect, test } from "vitest";
import { findPatterns } from "./find-patterns.ts";
import type { LevelPattern } from "./level-patterns.ts";
import { patternSteps } from "./pattern-steps.ts";

const start = 1_768_435_200_000_000_000n;
const second = 1_000_000_000n;
const rowsPerBlock = 4000;
const { signal } = new AbortController();
const terms = { tenant: "shop", signal, timeoutMs: 0, maxSeries: 0, maxChunks: 0, maxStreams: 0 };

/** Twenty lines a second: requests, each tenth slow, and an error every fifty seconds. */
function entriesOf(app: string, count: number): MemoryEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    time: start + (BigInt(i) * second) / 20n,
    line: i % 1000 === 0 ? `disk ${i} of ${app} is full` : i % 10 === 1 ? `slow: ${i} ms` : `GET /${app}/${i}a done`,
    metadata: { detected_level: i % 1000 === 0 ? "error" : "info" },
  }));
}

/** A store of segments that hold these streams, each a copy of the other. */
async function storeOf(
  apps: Readonly<Record<string, number>>,
  copies = 1,
  entriesOfApp: typeof entriesOf = entriesOf,
): Promise<Store> {
  const objects = new MemoryStore();
  for (let copy = 0; copy < copies; copy++) {
    const name = { tenant: "shop", day: "2026-01-15", id: `copy-${copy}` };
    const chunks = Object.entries(apps).map(async ([app, count]) => {
      const labels: Labels = [["app", app]];
      const entries = entriesOfApp(app, count);
      // Copies are cut at other places.
      const cuts = Array.from({ length: Math.ceil(count / rowsPerBlock) + 1 }, (_, i) =>
        Math.max(0, i * rowsPerBlock - copy * 700),
      );
      const blocks = cuts.map((from, i) => entries.slice(from, cuts[i + 1])).filter(({ length }) => length > 0);
      return {
        labels,
        stream: formatLabels(labels),
        blocks: await Promise.all(blocks.map((b) => sealBlock(blockOf(b)))),
      };
    });
    const written = await writeSegment(objects, name, await Promise.all(chunks));
    await writeIndex(objects, name, indexContent([written]));
  }
  return createStore({ config: StoreConfig.parse({}), objects, log: createLogger("silent"), registry: new Registry() });
}

async function ask(source: ChunkSource, minutes: number, selector = '{app=~".+"}'): Promise<LevelPattern[]> {
  const steps = patternSteps({ start, end: start + BigInt(minutes) * 60n * second }, 10_000);
  return findPatterns(selector, steps, { engine: new QueryEngine({ source }), source, terms });
}

const totals = (found: readonly LevelPattern[]): Record<string, number> =>
  Object.fromEntries(found.map(({ level, text, total }) => [`${level}: ${text}`, total]));

/** Counts what is read of the store beside the times and levels that are counted. */
function watched(source: ChunkSource): ChunkSource & { lines: number; patterns: number } {
  const seen = {
    lines: 0,
    patterns: 0,
    async select(selection: Selection, until: AbortSignal): Promise<SourceResult> {
      const result = await source.select(selection, until);
      return {
        ...result,
        chunks: result.chunks.map((chunk) => ({
          ...chunk,
          blocks: async (...call: Parameters<typeof chunk.blocks>) =>
            (await chunk.blocks(...call)).map((block) => ({
              ...block,
              fetch: (...wanted: Parameters<typeof block.fetch>) => {
                if (wanted[0].lines) seen.lines++;
                if (wanted[0].patterns === true) seen.patterns++;
                return block.fetch(...wanted);
              },
            })),
        })),
      };
    },
    labelNames: source.labelNames.bind(source),
    labelValues: source.labelValues.bind(source),
    series: source.series.bind(source),
  };
  return seen;
}

test("few lines are mined themselves, and counted exactly", async () => {
  expect(totals(await ask(await storeOf({ cart: 6000 }), 5))).toEqual({
    "info: GET <_> done": 5394,
    "info: slow: <_> ms": 600,
    "error: disk <_> of cart is full": 6,
  });
});

test("of many lines nothing is read but what was mined when they were sealed, and their number", async () => {
  const source = watched(await storeOf({ cart: 24_000, mail: 12_000 }));
  const found = totals(await ask(source, 20));
  expect(source).toMatchObject({ lines: 0, patterns: 9 });
  expect(found).toMatchObject({ "error: disk <_> of cart is full": 24, "error: disk <_> of mail is full": 12 });
  expect(found["info: GET <_> done"]! + found["info: slow: <_> ms"]!).toBeCloseTo(36_000 - 36, -1);
  expect(found["info: slow: <_> ms"]! / 36_000).toBeCloseTo(0.1, 1);
});

test("lines that several replicas hold count once", async () => {
  const [once, twice] = [await storeOf({ cart: 24_000 }), await storeOf({ cart: 24_000 }, 2)];
  const [of, again] = [totals(await ask(once, 20)), totals(await ask(twice, 20))];
  expect(Object.keys(again)).toEqual(Object.keys(of));
  const sum = (found: Record<string, number>): number => Object.values(found).reduce((total, one) => total + one, 0);
  expect(sum(again)).toBeCloseTo(24_000, -1);
  expect(sum(of)).toBeCloseTo(24_000, -1);
  expect(again["error: disk <_> of cart is full"]).toBe(24);
});

test("small blocks, which tell no patterns, are read beside the others", async () => {
  const source = watched(await storeOf({ cart: 24_000, tiny: 300 }));
  const found = totals(await ask(source, 20));
  expect(source.lines).toBe(1);
  expect(found["info: GET <_> done"]).toBeGreaterThan(20_000);
});

test("a part of the range is told of by that part", async () => {
  const source = await storeOf({ cart: 60_000 });
  const found = await ask(source, 20);
  const [most] = found;
  expect(Math.max(...most!.counts.keys())).toBe(119);
  expect(most!.total).toBeCloseTo(24_000 * 0.9, -3);
});

const samples = new URL("../../../../../shared/data/loghub/", import.meta.url);

/** Lines of a real program over and over, twenty a second. */
function linesOf(name: string, count: number): MemoryEntry[] {
  const lines = readFileSync(new URL(`${name}_2k.log`, samples), "utf8")
    .split(/\r?\n/)
    .filter(Boolean);
  const metadata = { detected_level: "info" };
  return Array.from({ length: count }, (_, i) => {
    return { time: start + (BigInt(i) * second) / 20n, line: lines[i % lines.length]!, metadata };
  });
}

test.runIf(existsSync(samples)).each([
  ["Apache", "[<_> <_> <_> <_> <_>] [error] mod_jk child workerEnv in error state <_>"],
  ["HDFS", "<_> <_> <_> INFO dfs.DataNode$PacketResponder: PacketResponder <_> for block <_> terminating"],
  ["OpenSSH", "<_> <_> <_> LabSZ sshd[<_>]: pam_unix(sshd:auth): check pass; user unknown"],
  ["Zookeeper", "<_> <_>,<_> - INFO  [<_>] - Received connection request <_>"],
  ["Spark", "<_> <_> INFO executor.Executor: Running task <_> in stage <_> (TID <_>)"],
])("of %s the ingester's samples tell %s, as often as it is there", async (name, pattern) => {
  const count = 30_000;
  const source = watched(await storeOf({ [name]: count }, 1, linesOf));
  const found = (await ask(source, 25)).find(({ text }) => text === pattern);
  expect(source.lines).toBe(0);
  const literals = pattern.split("<_>").map((text) => text.replace(/[^\w\s]/g, String.raw`\$&`));
  const filter = new RegExp(`^${literals.join(".+")}$`);
  const right = linesOf(name, count).filter(({ line }) => filter.test(line as string)).length;
  expect(found?.total).toBeGreaterThan(right * 0.7);
  expect(found?.total).toBeLessThan(right * 1.4);
});
