import { setImmediate } from "node:timers/promises";
import { type LogExpr, type MetricExpr, parse } from "@ratatosk/logql";
import { type Random, seededRandom } from "@ratatosk/logql/testing";
import type { BlockRef, Chunk, ChunkSource, QueryStats } from "@ratatosk/model";
import { expect, test } from "vitest";
import { type Answer, QueryEngine } from "../engine.ts";
import { dataStart, randomStreams } from "../fuzz/random-data.ts";
import { randomLogQuery, randomMetricQuery } from "../fuzz/random-query.ts";
import { dataEnd, queriesEach, rounds, terms } from "../fuzz/shapes.ts";
import { localRunner } from "../scan/runner.ts";
import { MemorySource } from "../testing.ts";
import { answerJob } from "./answer-job.ts";
import { decodeJob, encodeJob } from "./job-codec.ts";
import { decodeResult, encodeResult } from "./result-codec.ts";
import type { ScanPeers } from "./shared-job.ts";

const steps = { start: dataStart - 10_000_000_000n, step: 20_000, count: 18 };
const { signal } = new AbortController();
let answered = 0;

/** Blocks that look so large that a job holds only a few of them. */
function inManyJobs(source: MemorySource): ChunkSource {
  const large = (block: BlockRef): BlockRef => ({ ...block, storedBytes: 900_000 });
  const split = (chunk: Chunk): Chunk => ({
    ...chunk,
    blocks: async (...of) => (await chunk.blocks(...of)).map(large),
  });
  return {
    select: async (selection) => ({ chunks: (await source.select(selection)).chunks.map(split), warnings: [] }),
    labelNames: (selection) => source.labelNames(selection),
    labelValues: (name, selection) => source.labelValues(name, selection),
    series: (selection) => source.series(selection),
  };
}

/** Peers behind a wire, of which each job may meet one that fails, and which answer in any order. */
function unreliablePeers(source: MemorySource, random: Random): ScanPeers & { answered: number } {
  return {
    slots: 1 + random.below(4),
    answered: 0,
    async run(job) {
      for (let turns = random.below(5); turns > 0; turns--) await setImmediate();
      if (random.oneIn(4)) return undefined;
      const fetch = source.fetchLocated.bind(source);
      const shared = await answerJob(decodeJob(encodeJob(job)), { runner: localRunner, fetch, signal });
      this.answered++;
      return decodeResult(
        Buffer.concat([...encodeResult(shared)]),
        job.task.kind === "lines" ? 0 : job.task.windows.count,
      );
    },
  };
}

/** The answer without how long it took, and which it was that waited longest. */
async function timeless(answer: Promise<Answer>): Promise<unknown> {
  const { stats, ...others } = await answer.catch((error: Error) => ({
    error: error.message,
    stats: {} as QueryStats,
  }));
  const { selectSeconds: _select, fetchSeconds: _fetch, execSeconds: _exec, ...counters } = stats;
  return { ...others, counters };
}

test.each(Array.from({ length: rounds }, (_, seed) => seed))(
  "an answer is the same to the last bit whoever does the work, and costs the same, seed %i",
  async (seed) => {
    const random = seededRandom(seed + 4_000_000);
    const memory = new MemorySource(randomStreams(random), 1 + random.below(20));
    const source = inManyJobs(memory);
    const peers = unreliablePeers(memory, random);
    const alone = new QueryEngine({ source });
    const shared = new QueryEngine({ source, peers });
    for (let i = 0; i < queriesEach; i++) {
      const text = randomMetricQuery(random);
      const expr = parse(text) as MetricExpr;
      const expected = await timeless(alone.range(expr, steps, terms));
      expect({ text, answer: await timeless(shared.range(expr, steps, terms)) }).toEqual({ text, answer: expected });
    }
    for (let i = 0; i < queriesEach; i++) {
      const text = randomLogQuery(random);
      const query = {
        expr: parse(text) as LogExpr,
        start: dataStart,
        end: dataEnd,
        intervalNs: 0n,
        categorized: false,
      };
      const how = { ...query, limit: random.pick([3, 10_000]), forward: random.oneIn(2) };
      const { result } = await alone.lines(how, terms);
      expect({ text, result: (await shared.lines(how, terms)).result }).toEqual({ text, result });
    }
    answered += peers.answered;
  },
);

test("peers did a part of that", () => {
  expect(answered).toBeGreaterThan(rounds);
});
