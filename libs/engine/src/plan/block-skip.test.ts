import { type LogExpr, type MetricExpr, parse } from "@ratatosk/logql";
import { expect, test } from "vitest";
import { QueryEngine } from "../engine.ts";
import { MemorySource } from "../testing.ts";
import { unlimited } from "../testing/unlimited.ts";

const entries = Array.from({ length: 100 }, (_, i) => ({ time: BigInt(i), line: `id=${i * 1001}` }));
const engine = new QueryEngine({ source: new MemorySource([{ labels: [["app", "a"]], entries }], 10) });
const range = { start: 0n, end: 100n };

test.each([
  ['{app="a"}', 10],
  ['{app="a"} |= "id=42042"', 1],
  ['{app="a"} |= "id=42042" |= "id=43043"', 1],
  ['{app="a"} |= "id=42042" or "id=99099"', 2],
  ['{app="a"} |~ "id=42042|id=99099"', 2],
  ['{app="a"} |~ "=420[0-9]+" |= "absent"', 0],
  ['{app="a"} != "id=42042"', 10],
])("%s reads %i of ten blocks", async (query, blocks) => {
  const expr = parse(query) as LogExpr;
  const { stats } = await engine.lines(
    { expr, ...range, limit: 1000, forward: false, intervalNs: 0n, categorized: false },
    unlimited,
  );
  expect(stats.blocksRead).toBe(blocks);
});

test("a count reads only blocks that can hold the text", async () => {
  const expr = parse('count_over_time({app="a"} |= "id=42042" [1s])') as MetricExpr;
  const { stats } = await engine.instant(expr, 1_000_000_000n, unlimited);
  expect(stats.blocksRead).toBe(1);
});
