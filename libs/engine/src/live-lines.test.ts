import { type LogExpr, parse } from "@ratatosk/logql";
import { expect, test } from "vitest";
import { LiveLines } from "./live-lines.ts";
import { blockOf } from "./testing/memory-source.ts";

const block = blockOf(Array.from({ length: 3000 }, (_, i) => ({ time: BigInt(i), line: `n=${i} level=info` })));
const slow = parse(`{app="a"} | logfmt ${'| line_format "{{.n}} {{.level | upper}}"'.repeat(200)}`) as LogExpr;

test("lines that take long leave others their turns, and end once the client is gone", async () => {
  const aborter = new AbortController();
  const live = new LiveLines(slow, false);
  let turns = 0;
  let isOver = false;
  const other = (): void => {
    turns++;
    if (!isOver) setImmediate(other);
  };
  setImmediate(other);
  const found = await live.of([["app", "a"]], block, aborter.signal);
  expect(found.flatMap(({ entries }) => entries).length).toBe(3000);
  expect(turns).toBeGreaterThan(2);
  isOver = true;
  const going = live.of([["app", "a"]], block, aborter.signal);
  aborter.abort();
  await expect(going).rejects.toThrow(/abort/i);
});
