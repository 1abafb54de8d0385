import { type LogExpr, type MetricExpr, parse } from "@ratatosk/logql";
import { seededRandom } from "@ratatosk/logql/testing";
import type { MatrixResult } from "@ratatosk/model";
import { expect, test } from "vitest";
import { QueryEngine, type QueryTerms } from "../engine.ts";
import { CombinedSource } from "../combined-source.ts";
import { MemorySource, type MemoryStream } from "../testing.ts";
import { dataSeconds, dataStart, randomStreams } from "./random-data.ts";
import { randomLogQuery, randomMetricQuery } from "./random-query.ts";
import { keyOf, Reference, type Vector } from "./reference.ts";

const terms: QueryTerms = {
  tenant: "t",
  signal: new AbortController().signal,
  timeoutMs: 0,
  maxSeries: 0,
  maxChunks: 0,
  maxStreams: 0,
};
const dataEnd = dataStart + BigInt(dataSeconds) * 1_000_000_000n;
const rounds = Number(process.env["FUZZ_ROUNDS"] ?? 20);
const queriesEach = 20;

/** The same data in three shapes: one source; halves, some of it in both; small blocks of one chunk a stream. */
function engines(streams: readonly MemoryStream[], blockRows: number): QueryEngine[] {
  const part = (from: number, to: number): MemoryStream[] =>
    streams.map(({ labels, entries }) => ({
      labels,
      entries: entries.slice(Math.floor(entries.length * from), Math.ceil(entries.length * to)),
    }));
  return [
    new QueryEngine({ source: new MemorySource(streams, 1000) }),
    new QueryEngine({ source: new MemorySource(streams, blockRows) }),
    new QueryEngine({
      source: new CombinedSource(new MemorySource(part(0.4, 1), blockRows), [new MemorySource(part(0, 0.7), 7)]),
    }),
  ];
}

async function linesOf(engine: QueryEngine, expr: LogExpr, forward: boolean, limit: number): Promise<string[]> {
  const query = { expr, start: dataStart, end: dataEnd, limit, forward, intervalNs: 0n, categorized: false };
  const { result } = await engine.lines(query, terms);
  return result.streams
    .flatMap(({ labels, entries }) =>
      entries.map(({ time, line }) => `${time} ${keyOf(Object.fromEntries(labels))} ${Buffer.from(line).toString()}`),
    )
    .sort();
}

test.each(Array.from({ length: rounds }, (_, seed) => seed))(
  "lines agree with the reference, seed %i",
  async (seed) => {
    const random = seededRandom(seed);
    const streams = randomStreams(random);
    const reference = new Reference(streams);
    const shapes = engines(streams, 1 + random.below(20));
    for (let i = 0; i < queriesEach; i++) {
      const text = randomLogQuery(random);
      const expr = parse(text) as LogExpr;
      const expected = reference.lines(expr, dataStart, dataEnd);
      const all = expected.map(({ time, labels, text }) => `${time} ${keyOf(labels)} ${text}`).sort();
      const limit = 1 + random.below(10);
      for (const engine of shapes) {
        expect({ text, lines: await linesOf(engine, expr, random.oneIn(2), 10_000) }).toEqual({ text, lines: all });
        const newest = (await linesOf(engine, expr, false, limit)).map((line) => line.split(" ")[0]);
        expect({ text, newest }).toEqual({ text, newest: expected.slice(-limit).map(({ time }) => String(time)) });
        const oldest = (await linesOf(engine, expr, true, limit)).map((line) => line.split(" ")[0]);
        expect({ text, oldest }).toEqual({ text, oldest: expected.slice(0, limit).map(({ time }) => String(time)) });
      }
    }
  },
);

const steps = { start: dataStart - 10_000_000_000n, step: 20_000, count: 18 };

test.each(Array.from({ length: rounds }, (_, seed) => seed))(
  "samples agree with the reference, seed %i",
  async (seed) => {
    const random = seededRandom(seed + 1_000_000);
    const streams = randomStreams(random);
    const reference = new Reference(streams);
    const shapes = engines(streams, 1 + random.below(20));
    for (let i = 0; i < queriesEach; i++) {
      const text = randomMetricQuery(random);
      const expr = parse(text) as MetricExpr;
      const expected = Array.from({ length: steps.count }, (_, k) =>
        rounded(reference.at(expr, steps.start + BigInt(k * steps.step) * 1_000_000n)),
      );
      for (const engine of shapes) {
        const { result } = await engine.range(expr, steps, terms);
        expect({ text, steps: vectorsOf(result as MatrixResult) }).toEqual({ text, steps: expected });
      }
    }
  },
);

function vectorsOf({ series }: MatrixResult): Record<string, string>[] {
  const vectors: Vector[] = Array.from({ length: steps.count }, () => new Map());
  const first = Number(steps.start / 1_000_000n);
  for (const { labels, times, values } of series)
    for (const [i, time] of times.entries())
      vectors[(time - first) / steps.step]!.set(keyOf(Object.fromEntries(labels)), values[i]!);
  return vectors.map(rounded);
}

/** The order in which numbers are added up changes the last bits. */
const rounded = (vector: Vector): Record<string, string> =>
  Object.fromEntries([...vector].map(([key, value]) => [key, (Math.abs(value) < 1e-9 ? 0 : value).toPrecision(9)]));
