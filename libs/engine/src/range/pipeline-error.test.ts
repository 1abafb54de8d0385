import { type MetricExpr, parse } from "@ratatosk/logql";
import { expect, test } from "vitest";
import { QueryEngine } from "../engine.ts";
import { MemorySource } from "../testing.ts";
import { unlimited } from "../testing/unlimited.ts";

const second = 1_000_000_000n;
const metadata = { detected_level: "unknown", pod: "p" };
const entries = [
  { time: 10n * second, line: "took=5", metadata },
  { time: 20n * second, line: "took=18ms other=1", metadata },
  { time: 30n * second, line: "took=a", metadata },
];
const engine = new QueryEngine({ source: new MemorySource([{ labels: [["app", "a"]], entries }]) });

test("a sample that fails the query is told of with all its metadata and those of its labels that were asked for", async () => {
  const expr = parse('sum(sum_over_time({app="a"} | logfmt | unwrap took [1m]))') as MetricExpr;
  const range = { start: 30n * second, step: 10_000, count: 3 };
  await expect(engine.range(expr, range, unlimited)).rejects.toThrow(
    `for series: '{__error__="SampleExtractionErr", __error_details__="strconv.ParseFloat: parsing \\"18ms\\": invalid syntax", app="a", detected_level="unknown", pod="p", took="18ms"}'.`,
  );
});
