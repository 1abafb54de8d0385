import { type LogExpr, parse } from "@ratatosk/logql";
import type { Selection } from "@ratatosk/model";
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
