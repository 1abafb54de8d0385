import { expect, test } from "vitest";
import { entriesOf } from "../lines/entry.ts";
import { csvCell, csvHead, csvLine, jsonLine, namesOf, samplesCsv } from "./export.ts";
import { cliCommand, curlCommand, grafanaLink, shellWord } from "./links.ts";

const entries = entriesOf([
  { stream: { app: "a" }, values: [["1768471205000000001", 'say "hi", you', { parsed: { status: "200" } }]] },
]);

test("a line is exported with its moment to the nanosecond", () => {
  expect(JSON.parse(jsonLine(entries[0]!))).toEqual({
    timestamp: "1768471205000000001",
    line: 'say "hi", you',
    labels: { app: "a", status: "200" },
  });
  const names = namesOf(entries);
  expect(csvHead(names)).toBe("time,nanoseconds,app,status,line");
  expect(csvLine(entries[0]!, names)).toBe(
    '2026-01-15T10:00:05.000000001Z,1768471205000000001,a,200,"say ""hi"", you"',
  );
});

test.each([
  ["=1+1", "'=1+1"],
  ["-5", "-5"],
  ["a\nb", '"a\nb"'],
])("the cell %j is written %j", (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

test("samples are a table of time, labels, value", () => {
  expect(samplesCsv([{ metric: { app: "a" }, values: [[1_768_471_205, "3"]] }])).toBe(
    "time,app,value\n2026-01-15T10:00:05.000Z,a,3",
  );
});

const shared = {
  server: "http://h:3100",
  tenant: "t",
  query: `{a="it's"}`,
  range: { start: 1n, end: 2_000_000n },
  limit: 10,
};

test("a query is one word of a shell, whatever is in it", () => {
  expect(shellWord("it's")).toBe(String.raw`'it'\''s'`);
  expect(curlCommand(shared)).toContain(String.raw`--data-urlencode 'query={a="it'\''s"}'`);
  expect(cliCommand(shared)).toContain(String.raw`'{a="it'\''s"}'`);
});

test("a Grafana link holds query and range", () => {
  const panes = JSON.parse(new URL(grafanaLink("http://g/", shared)).searchParams.get("panes")!) as {
    a: { queries: { expr: string }[]; range: unknown };
  };
  expect(panes.a.queries[0]!.expr).toBe(shared.query);
  expect(panes.a.range).toEqual({ from: "0", to: "2" });
});
