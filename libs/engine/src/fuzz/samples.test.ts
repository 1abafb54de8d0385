import { type MetricExpr, parse } from "@ratatosk/logql";
import { seededRandom } from "@ratatosk/logql/testing";
import type { MatrixResult } from "@ratatosk/model";
import { expect, test } from "vitest";
import { dataStart, randomStreams } from "./random-data.ts";
import { randomMetricQuery } from "./random-query.ts";
import { keyOf, Reference, type Vector } from "./reference.ts";
import { engines, queriesEach, rounds, terms } from "./shapes.ts";

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
