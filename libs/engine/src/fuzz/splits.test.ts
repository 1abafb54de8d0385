import { type LogExpr, type MetricExpr, parse } from "@ratatosk/logql";
import { type Random, seededRandom } from "@ratatosk/logql/testing";
import type { MatrixResult } from "@ratatosk/model";
import { expect, test } from "vitest";
import { CombinedSource } from "../combined-source.ts";
import { QueryEngine } from "../engine.ts";
import { MemorySource, type MemoryStream } from "../testing.ts";
import { dataSeconds, dataStart, randomStreams } from "./random-data.ts";
import { randomLogQuery, randomMetricQuery } from "./random-query.ts";
import { keyOf } from "./reference.ts";
import { dataEnd, queriesEach, terms } from "./shapes.ts";

const second = 1_000_000_000n;
const worlds = Array.from({ length: 10 }, (_, seed) => seed);

type Lines = Record<string, string[]>;

const engineOf = (streams: readonly MemoryStream[], random: Random): QueryEngine =>
  new QueryEngine({ source: new MemorySource(streams, 1 + random.below(20)) });

/** The lines of each series, in the order of the answer. */
async function linesOf(
  engine: QueryEngine,
  expr: LogExpr,
  { start = dataStart, end = dataEnd, forward = true },
): Promise<Lines> {
  const query = { expr, start, end, limit: 10_000, forward, intervalNs: 0n, categorized: false };
  const { result } = await engine.lines(query, terms);
  return Object.fromEntries(
    result.streams.map(({ labels, entries }) => [
      keyOf(Object.fromEntries(labels)),
      entries.map(({ time, line }) => `${time} ${Buffer.from(line).toString()}`),
    ]),
  );
}

function joined(...parts: readonly Lines[]): Lines {
  const all: Lines = {};
  for (const part of parts) for (const [key, lines] of Object.entries(part)) (all[key] ??= []).push(...lines);
  return all;
}

const sorted = (lines: Lines): Lines =>
  Object.fromEntries(Object.entries(lines).map(([key, own]) => [key, [...own].sort()]));
const reversed = (lines: Lines): Lines =>
  Object.fromEntries(Object.entries(lines).map(([key, own]) => [key, [...own].reverse()]));

test.each(worlds)(
  "lines split by time or by streams are the same lines, backward in reverse, seed %i",
  async (seed) => {
    const random = seededRandom(seed + 2_000_000);
    const streams = randomStreams(random);
    const engine = engineOf(streams, random);
    for (let i = 0; i < queriesEach; i++) {
      const text = randomLogQuery(random);
      const expr = parse(text) as LogExpr;
      const lines = await linesOf(engine, expr, {});
      const border = dataStart + BigInt(random.below(dataSeconds * 4)) * 250_000_000n;
      const [before, after] = [
        await linesOf(engine, expr, { end: border }),
        await linesOf(engine, expr, { start: border }),
      ];
      expect({ text, lines: joined(before, after) }).toEqual({ text, lines });
      const backward = await linesOf(engine, expr, { forward: false });
      expect({ text, lines: reversed(backward) }).toEqual({ text, lines });
      const ofStreams = await Promise.all(streams.map((one) => linesOf(engineOf([one], random), expr, {})));
      expect({ text, lines: sorted(joined(...ofStreams)) }).toEqual({ text, lines: sorted(lines) });
    }
  },
);

test.each(worlds)("samples split by time or by streams are the same samples, seed %i", async (seed) => {
  const random = seededRandom(seed + 3_000_000);
  const streams = randomStreams(random);
  const engine = engineOf(streams, random);
  const apart = new QueryEngine({
    source: new CombinedSource(
      new MemorySource([]),
      streams.map((one) => new MemorySource([one], 1 + random.below(20))),
    ),
  });
  for (let i = 0; i < queriesEach; i++) {
    const text = randomMetricQuery(random);
    const all = await samplesOf(engine, text, 0, steps);
    const border = 1 + random.below(steps - 1);
    const parts = [await samplesOf(engine, text, 0, border), await samplesOf(engine, text, border, steps)];
    expect({ text, samples: parts.flat().sort() }).toEqual({ text, samples: all });
    expect({ text, samples: await samplesOf(apart, text, 0, steps) }).toEqual({ text, samples: all });
  }
});

const steps = 18;

/** The samples of the steps [from, to), each as one text. */
async function samplesOf(engine: QueryEngine, text: string, from: number, to: number): Promise<string[]> {
  const range = { start: dataStart + BigInt(from * 20 - 10) * second, step: 20_000, count: to - from };
  const { result } = await engine.range(parse(text) as MetricExpr, range, terms);
  return (result as MatrixResult).series
    .flatMap(({ labels, times, values }) =>
      Array.from(times, (time, i) => `${keyOf(Object.fromEntries(labels))} ${time} ${rounded(values[i]!)}`),
    )
    .sort();
}

/** The order in which numbers are added up changes the last bits. */
const rounded = (value: number): string => (Math.abs(value) < 1e-9 ? 0 : value).toPrecision(9);
