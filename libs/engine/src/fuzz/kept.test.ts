import { type MetricExpr, parse } from "@ratatosk/logql";
import { seededRandom } from "@ratatosk/logql/testing";
import type { Chunk, ChunkSource, MatrixResult } from "@ratatosk/model";
import { expect, test } from "vitest";
import { CombinedSource } from "../combined-source.ts";
import { QueryEngine } from "../engine.ts";
import { KeptResults } from "../kept/kept-results.ts";
import { blockOf, MemorySource } from "../testing.ts";
import { dataStart, randomStreams } from "./random-data.ts";
import { randomMetricQuery } from "./random-query.ts";
import { keyOf } from "./reference.ts";
import { queriesEach, terms } from "./shapes.ts";

const second = 1_000_000_000n;

/** Samples as texts, and how many spans were not computed. */
async function ask(engine: QueryEngine, text: string, from: number): Promise<{ samples: string[]; kept: number }> {
  const range = {
    start: dataStart - (dataStart % (20n * second)) + BigInt(from * 20) * second,
    step: 20_000,
    count: 18,
  };
  const { result, stats } = await engine.range(parse(text) as MetricExpr, range, terms);
  const samples = (result as MatrixResult).series.flatMap(({ labels, times, values }) =>
    Array.from(times, (time, i) => `${keyOf(Object.fromEntries(labels))} ${time} ${rounded(values[i]!)}`),
  );
  return { samples: samples.sort(), kept: stats.spansKept };
}

/** The order in which numbers are added up changes the last bits. */
const rounded = (value: number): string => (Math.abs(value) < 1e-9 ? 0 : value).toPrecision(9);

/** With little memory some results are kept and others are too large. */
const [much, little] = [2 ** 20, 8000];
test.each([
  [0, much],
  [1, much],
  [2, much],
  [3, much],
  [4, little],
  [5, little],
])("kept results are those computed anew, for moving ranges, seed %i, %i bytes", async (seed, bytes) => {
  const random = seededRandom(seed + 4_000_000);
  const source = new MemorySource(randomStreams(random), 7);
  const plain = new QueryEngine({ source });
  const keeping = new QueryEngine({ source, kept: new KeptResults(bytes, 60e9) });
  let kept = 0;
  for (let i = 0; i < queriesEach; i++) {
    const text = randomMetricQuery(random);
    for (const from of [0, 0, 3, random.below(5), -2]) {
      const answer = await ask(keeping, text, from);
      expect({ text, from, samples: answer.samples }).toEqual({
        text,
        from,
        samples: (await ask(plain, text, from)).samples,
      });
      kept += answer.kept;
    }
  }
  expect(kept).toBeGreaterThan(bytes === much ? queriesEach : 0);
});

const expr = 'sum(count_over_time({app="a"}[20s]))';
const entry = (at: number): { time: bigint; line: string } => ({
  time: dataStart + BigInt(at) * second,
  line: `line ${at}`,
});

function withoutIdentity({ identity, ...chunk }: Chunk): Chunk {
  expect(identity).toBeDefined();
  return { ...chunk, recent: true };
}

test("a chunk more, or one that may still grow, is another result", async () => {
  const stored = new MemorySource([{ labels: [["app", "a"]], entries: [entry(1), entry(100)] }]);
  const growing = new MemorySource([]);
  const recent: ChunkSource = new CombinedSource(growing, []);
  recent.select = async (selection, signal) => {
    const { chunks, warnings } = await growing.select(selection);
    signal.throwIfAborted();
    return { warnings, chunks: chunks.map(withoutIdentity) };
  };
  const engine = new QueryEngine({
    source: new CombinedSource(recent, [stored]),
    kept: new KeptResults(2 ** 20, 60e9),
  });
  const counts = async (): Promise<[number, number]> => {
    const { samples, kept } = await ask(engine, expr, 0);
    return [samples.reduce((sum, text) => sum + Number(text.split(" ").at(-1)), 0), kept];
  };
  const [, none] = await counts();
  const [two, all] = await counts();
  expect([none, two]).toEqual([0, 2]);
  expect(all).toBeGreaterThan(3);
  stored.add([["app", "a"]], [blockOf([entry(150)])]);
  const [three, most] = await counts();
  expect(three).toBe(3);
  expect(most).toBeLessThan(all);
  growing.add([["app", "a"]], [blockOf([entry(160)])]);
  expect((await counts())[0]).toBe(4);
  growing.add([["app", "a"]], [blockOf([entry(161)])]);
  expect((await counts())[0]).toBe(5);
});
