import { type LogExpr, type MetricExpr, parse } from "@ratatosk/logql";
import type { Chunk, MatrixResult, Selection } from "@ratatosk/model";
import { expect, test } from "vitest";
import { QueryEngine } from "./engine.ts";
import { localRunner } from "./scan/runner.ts";
import { MemorySource } from "./testing/memory-source.ts";
import { unlimited } from "./testing/unlimited.ts";

const entries = Array.from({ length: 1000 }, (_, i) => ({ time: BigInt(i), line: `line ${i}` }));
const asked = (text: string) => ({
  expr: parse(text) as LogExpr,
  start: 0n,
  end: 1000n,
  limit: 10,
  forward: false,
  intervalNs: 0n,
  categorized: false,
});

/** Keeps the signals with which it was asked. */
class WatchedSource extends MemorySource {
  readonly signals: AbortSignal[] = [];

  override async select(selection: Selection, signal?: AbortSignal) {
    if (signal !== undefined) this.signals.push(signal);
    return super.select(selection);
  }
}

/** Has objects that each hold a chunk of three streams, of different times, and notes the objects whose chunks are opened. */
class ObjectsSource extends MemorySource {
  readonly opened: string[] = [];

  constructor() {
    const part = (at: number) => entries.slice(at * 100, at * 100 + 100);
    super(
      ["a", "b", "c"].flatMap((app) =>
        [0, 1, 2, 3, 4].map((at) => ({ labels: [["app", app] as const], entries: part(at) })),
      ),
    );
  }

  override async select(selection: Selection) {
    const { chunks, warnings } = await super.select(selection);
    const inObject = (chunk: Chunk): Chunk => {
      const object = `${(Number(chunk.minTime) / 100 + chunk.stream.charCodeAt(6)) % 5}`;
      const blocks: Chunk["blocks"] = (signal, skip) => {
        this.opened.push(object);
        return chunk.blocks(signal, skip);
      };
      return { ...chunk, object, blocks };
    };
    return { chunks: chunks.map(inObject), warnings };
  }
}

const ofObjects = '{app=~".+"} |= "line 77"';
test.each([
  ["lines", (engine: QueryEngine) => engine.lines(asked(ofObjects), unlimited)],
  [
    "counts",
    (engine: QueryEngine) => {
      const expr = parse(`count_over_time(${ofObjects} [7ms])`) as MetricExpr;
      return engine.range(expr, { start: 1_000_000n, step: 1, count: 1 }, unlimited);
    },
  ],
])("the chunks of an object are opened one after another: %s", async (_, ask) => {
  const source = new ObjectsSource();
  await ask(new QueryEngine({ source, runner: localRunner }));
  expect(source.opened).toHaveLength(15);
  expect(source.opened.filter((object, at) => object !== source.opened[at - 1])).toHaveLength(5);
});

test("what a source holds for a query is let go once it is over", async () => {
  const source = new WatchedSource([{ labels: [["app", "a"]], entries }]);
  const engine = new QueryEngine({ source, runner: localRunner });
  await engine.lines(asked('{app="a"} |= "line 77"'), unlimited);
  expect(source.signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(unlimited.signal.aborted).toBe(false);
});

test("blocks that cannot hold what is sought are counted", async () => {
  const engine = new QueryEngine({
    source: new MemorySource([{ labels: [["app", "a"]], entries }]),
    runner: localRunner,
  });
  const { stats } = await engine.lines(asked('{app="a"} |= "line 777"'), unlimited);
  expect([stats.blocksRead, stats.blocksSkipped]).toEqual([1, 9]);
});

const steps = { start: 0n, step: 1, count: 250 };

test("the best of very many series are found in little memory", async () => {
  const lines = Array.from({ length: 40_000 }, (_, i) => ({ time: BigInt(i), line: `id=${i < 9 ? "often" : i}` }));
  const source = new MemorySource([{ labels: [["app", "a"]], entries: lines }]);
  const engine = new QueryEngine({ source, memoryBytes: 16 * 2 ** 20 });
  const best = parse('topk(1, sum by (id) (count_over_time({app="a"} | logfmt [1s])))') as MetricExpr;
  const { result } = await engine.range(best, steps, unlimited);
  const { series } = result as MatrixResult;
  expect(series.map(({ labels, values }) => [labels, values[249]])).toEqual([[[["id", "often"]], 9]]);
  const all = parse('sum by (id) (count_over_time({app="a"} | logfmt [1s]))') as MetricExpr;
  await expect(engine.range(all, steps, unlimited)).rejects.toThrow("needs more than 16 MiB of memory");
});

test("lines whose error a sum asks for are of its series", async () => {
  const lines = ['{"a":1', '{"b":2', '{"a":1}'].map((line, i) => ({ time: BigInt(i), line }));
  const source = new MemorySource([
    {
      labels: [
        ["app", "a"],
        ["pod", "p"],
      ],
      entries: lines,
    },
  ]);
  const engine = new QueryEngine({ source });
  const expr = parse('sum by (app, __error__) (count_over_time({app="a"} | json [1s]))') as MetricExpr;
  const { result } = await engine.range(expr, steps, unlimited);
  expect((result as MatrixResult).series.map(({ labels, values }) => [labels, values.at(-1)])).toEqual([
    [
      [
        ["__error__", "JSONParserErr"],
        ["app", "a"],
      ],
      2,
    ],
    [[["app", "a"]], 1],
  ]);
});

test("a store that does not answer keeps nobody waiting for longer than a query may take", async () => {
  const source = new MemorySource([]);
  source.select = () => new Promise(() => undefined);
  const engine = new QueryEngine({ source });
  const expr = parse('count_over_time({app="a"}[1s])') as MetricExpr;
  const late = engine.range(expr, steps, { ...unlimited, timeoutMs: 20 });
  await expect(late).rejects.toMatchObject({ code: "timeout" });
  const stopping = new AbortController();
  const cancelled = engine.range(expr, steps, { ...unlimited, signal: stopping.signal });
  stopping.abort();
  await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
});
