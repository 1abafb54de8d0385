import { type MetricExpr, parse } from "@ratatosk/logql";
import { seededRandom } from "@ratatosk/logql/testing";
import { expect, test } from "vitest";
import { Pipeline } from "../pipeline.ts";
import { parserHints } from "../required-labels.ts";
import { Row, type RowLabel } from "../row.ts";
import { unwrapSampler } from "./unwrap.ts";

const random = seededRandom(17);
const one = (of: readonly string[]): string => of[random.below(of.length)]!;
const values = [
  "5",
  "5ms",
  "1.25s",
  "0.5",
  "x",
  "",
  "-3",
  "1m",
  '"7"',
  '"8ms"',
  '"1\\n"',
  "99999999999999999999s",
  "é",
];
const logfmtLine = (): string =>
  Array.from({ length: random.below(5) }, () => `${one(["took", "env", "other"])}=${one(values)}`).join(
    one([" ", "  "]),
  );
const jsonLine = (): string =>
  `{${Array.from({ length: random.below(5) }, () => `"${one(["took", "env"])}":${one(["5", "0.25", '"5ms"', '"x"', "null", "[1]"])}`).join(",")}${one(["}", "}", ""])}`;

function rowsOf(query: string, lines: readonly string[], withSample: boolean): [number | undefined, RowLabel[]][] {
  const expr = parse(query) as Extract<MetricExpr, { kind: "range-aggregation" }>;
  const { log, unwrap, grouping } = expr;
  const { sample, ...hints } = parserHints(log.stages, { grouping, noLabels: false, unwrap });
  expect(sample?.name).toBe("took");
  const pipeline = new Pipeline(log.stages, {
    lineUse: "none",
    hints: { ...hints, ...(withSample && sample && { sample }) },
  });
  const sampler = unwrapSampler(unwrap!);
  const row = new Row();
  row.openStream([["app", "a"]]);
  return lines.map((line) => {
    const bytes = Buffer.from(`${line}\n`);
    const block = { count: 1, base: 0n, deltas: new Float64Array(1), metadata: [] };
    row.open({ ...block, bytes, offsets: Uint32Array.of(0, bytes.length) }, 0);
    return [pipeline.run(row) ? sampler(row) : undefined, row.labels()];
  });
}

test.each([
  ["| logfmt | unwrap took", logfmtLine],
  ["| logfmt | unwrap duration(took)", logfmtLine],
  ["| logfmt --strict | unwrap took", logfmtLine],
  ["| logfmt --keep-empty | unwrap took", logfmtLine],
  ["| logfmt took | unwrap duration_seconds(took)", logfmtLine],
  ['| logfmt took="other", env | env != "x" | unwrap took', logfmtLine],
  ['| logfmt took, env | json took="env" | unwrap took', logfmtLine],
  ['| json took="took" | unwrap took', jsonLine],
  ['| json took="took", env="env" | logfmt | unwrap duration(took)', jsonLine],
  ["| json | unwrap took", jsonLine],
])("%s samples the same without the text of the label", (stages, makeLine) => {
  const lines = Array.from({ length: 3000 }, makeLine);
  const query = `max_over_time({app="a"} ${stages} [1m]) by (env)`;
  expect(rowsOf(query, lines, true)).toEqual(rowsOf(query, lines, false));
});
