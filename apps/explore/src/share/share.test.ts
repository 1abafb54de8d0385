import { expect, test } from "vitest";
import { entriesOf } from "../lines/entry.ts";
import { csvCell, CsvTable, jsonLine, samplesCsv } from "./export.ts";
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
});

test("lines are a table with a column for each label, also for one that comes late", () => {
  const table = new CsvTable();
  table.add(entries);
  table.add(
    entriesOf([
      { stream: { app: "b" }, values: [["1768471204000000000", "=1", { structuredMetadata: { pod: "p" } }]] },
    ]),
  );
  expect(table.text().join("")).toBe(
    [
      "time,nanoseconds,app,status,pod,line",
      '2026-01-15T10:00:05.000000001Z,1768471205000000001,a,200,,"say ""hi"", you"',
      "2026-01-15T10:00:04.000000000Z,1768471204000000000,b,,p,'=1",
      "",
    ].join("\n"),
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
  instant: false,
};

test("a query is one word of a shell, whatever is in it", () => {
  expect(shellWord("it's")).toBe(String.raw`'it'\''s'`);
  expect(curlCommand(shared)).toContain(String.raw`--data-urlencode 'query={a="it'\''s"}'`);
  expect(cliCommand(shared)).toContain(String.raw`'{a="it'\''s"}'`);
});

/** What Grafana makes of the address of its Explore. */
function opened(link: string): { path: string; schemaVersion: string | null; panes: Record<string, unknown> } {
  const { origin, pathname, searchParams } = new URL(link);
  const panes = JSON.parse(searchParams.get("panes")!) as Record<string, unknown>;
  return { path: origin + pathname, schemaVersion: searchParams.get("schemaVersion"), panes };
}

test.each([
  [false, "range"],
  [true, "instant"],
])("a Grafana link opens the query in its range, instant: %s", (instant, queryType) => {
  const datasource = { type: "loki", uid: "ratatosk" };
  expect(
    opened(grafanaLink("http://g/sub/", { ...shared, range: { start: 1_999_999n, end: 2_000_001n }, instant })),
  ).toEqual({
    path: "http://g/sub/explore",
    schemaVersion: "1",
    panes: {
      log: {
        datasource: "ratatosk",
        queries: [{ refId: "A", expr: shared.query, queryType, editorMode: "code", datasource }],
        range: { from: "1", to: "3" },
      },
    },
  });
});
