import { parse } from "@ratatosk/logql";
import { test } from "vitest";
import { type BlockView, viewOf } from "./block-view.ts";
import { parserHints } from "./required-labels.ts";
import { Pipeline } from "./pipeline.ts";
import { Row } from "./row.ts";

/** A block of about a megabyte; one line in a hundred is an error. */
function blockOf(line: (i: number) => string): BlockView {
  const lines = Array.from({ length: 5000 }, (_, i) => Buffer.from(`${line(i)}\n`));
  const offsets = new Uint32Array(lines.length + 1);
  for (const [row, bytes] of lines.entries()) offsets[row + 1] = offsets[row]! + bytes.length;
  const deltas = Float64Array.from({ length: lines.length }, (_, i) => i);
  return viewOf({ count: lines.length, base: 0n, deltas, lines: Buffer.concat(lines), offsets, metadata: [] });
}

const level = (i: number): string => (i % 100 === 0 ? "error" : "info");
const logfmt = blockOf(
  (i) =>
    `ts=2026-01-15T10:00:00Z level=${level(i)} method=GET path=/api/v1/users/${i} status=200 duration=15ms bytes=${i} msg="request done" user=anna${"x".repeat(60)}`,
);
const json = blockOf((i) =>
  JSON.stringify({
    ts: "2026-01-15T10:00:00Z",
    level: level(i),
    msg: "request done",
    order: { id: i, total: 1.5 },
    status: 200,
    pad: "x".repeat(80),
  }),
);

function run(query: string, view: BlockView, labels?: readonly string[]): () => void {
  const expr = parse(query);
  if (expr.kind !== "log") throw new Error(query);
  const grouping = labels && { without: false, labels };
  const hints = parserHints(expr.stages, { grouping, noLabels: false, unwrap: undefined });
  const pipeline = new Pipeline(expr.stages, { hints, lineUse: "none" });
  const row = new Row();
  row.openStream([["app", "a"]]);
  return () => {
    const selection = { rows: Uint32Array.from({ length: view.count }, (_, i) => i), count: view.count };
    pipeline.filter(view, selection);
    for (let i = 0; i < selection.count; i++) {
      row.open(view, selection.rows[i]!);
      pipeline.run(row);
    }
  };
}

test("a megabyte of lines", async ({ bench }) => {
  await bench("line filter, one line in a hundred", run('{a="b"} |= "level=error"', logfmt)).run();
  await bench("regular expression with a literal", run('{a="b"} |~ "level=err.*path=/api"', logfmt)).run();
  await bench("logfmt, all labels", run('{a="b"} | logfmt', logfmt)).run();
  await bench("logfmt, one label", run('{a="b"} | logfmt', logfmt, ["level"])).run();
  await bench("json, all labels", run('{a="b"} | json', json)).run();
  await bench("json, one label", run('{a="b"} | json', json, ["level"])).run();
});
