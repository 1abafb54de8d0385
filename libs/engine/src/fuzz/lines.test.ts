import { type LogExpr, parse } from "@ratatosk/logql";
import { seededRandom } from "@ratatosk/logql/testing";
import { expect, test } from "vitest";
import type { QueryEngine } from "../engine.ts";
import { dataStart, randomStreams } from "./random-data.ts";
import { randomLogQuery } from "./random-query.ts";
import { keyOf, Reference } from "./reference.ts";
import { dataEnd, engines, queriesEach, rounds, terms } from "./shapes.ts";

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
