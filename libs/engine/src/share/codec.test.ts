import { type LogExpr, parse } from "@ratatosk/logql";
import { expect, test } from "vitest";
import { packLabels } from "../scan/packed-labels.ts";
import type { SparseChanges } from "../scan/sparse-changes.ts";
import { decodeJob, encodeJob } from "./job-codec.ts";
import { decodeResult, encodeResult } from "./result-codec.ts";
import type { SharedJob, SharedResult } from "./shared-job.ts";

const job: SharedJob = {
  log: parse('{app="a"} |~ "\\\\bx" | json took="a[0]" | took > 5s') as LogExpr,
  task: {
    kind: "samples",
    noLabels: false,
    grouping: { without: true, labels: ["pod"] },
    unwrap: { label: "took", conversion: "duration", filters: [] },
    windows: { first: -5n, step: 1e6, count: 11_000, length: 4e17 },
  },
  pieces: [{ labels: [["app", "a"]], start: 1n, end: 2n ** 63n, blocks: [{ key: "t/segments/x" }] }],
};
const stats = {
  bytes: 1,
  lines: 2,
  metadataBytes: 3,
  postFilterLines: 4,
  duplicates: 5,
  blocksRead: 6,
  blocksDamaged: 7,
};
const labels = { labels: [{ name: "app", value: "ü\ufffd", category: 0 }] };
const table = packLabels([labels, { labels: [] }, { labels: [{ name: "pod", value: "p", category: 3 }] }]);

test("a job is the same on the other side", () => {
  expect(decodeJob(encodeJob(job))).toEqual(job);
});

const text = Buffer.from(encodeJob(job)).toString();
test.each([
  ["nothing", ""],
  ["no JSON", "{"],
  ["another version", text.replace('"version":2', '"version":1')],
  ["another kind of query", text.replace("sum_over_time(", "-sum(sum_over_time(")],
  ["windows without end", text.replace("11000", "1e999")],
  ["too many windows", text.replace("11000", "1e9")],
  ["a field that nobody knows", text.replace('"version":2', '"version":2,"more":1')],
  ["blocks without a key", text.replace('"key"', '"other"')],
])("%s is no job", (_what, bytes) => {
  expect(() => decodeJob(Buffer.from(bytes))).toThrow(expect.objectContaining({ code: "bad_request" }));
});

/** The series number 1 has none. */
const entries = changesOf([2, 0, 2], [2, 0, 2, 1], [-1, 1, -2, 2]);
const none = changesOf([0, 0, 0], [], []);
const results: [string, SharedResult["result"]][] = [
  ["counts", { kind: "count", table, entries, amounts: entries, error: undefined, stats }],
  ["bytes of empty lines", { kind: "count", table, entries, amounts: none, error: undefined, stats }],
  [
    "samples",
    {
      kind: "samples",
      table,
      series: new Uint32Array([0, 1]),
      times: new Float64Array([0.5, -1]),
      values: new Float64Array([NaN, -0]),
      error: { time: 4, labels },
      stats,
    },
  ],
  [
    "lines of more than one part",
    {
      kind: "lines",
      times: new BigInt64Array([-1n, 2n ** 62n]),
      series: new Uint32Array([1, 0]),
      offsets: new Uint32Array([0, 3, 3_000_000]),
      lines: new Uint8Array(3_000_000).fill(7),
      pieceEnds: [0, 2],
      table,
      stats,
    },
  ],
];

function changesOf(sizes: number[], positions: number[], changes: number[]): SparseChanges {
  const [own, of] = [Uint32Array.from(sizes), Uint32Array.from(positions)];
  return { sizes: own, positions: of, changes: Float64Array.from(changes) };
}

const countsOnce = (result: SharedResult["result"]): boolean =>
  result.kind === "count" && result.amounts === result.entries;

test.each(results)("%s are the same on the other side", (_what, result) => {
  const parts = [...encodeResult({ result, fetchSeconds: 0.25 })];
  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(2 ** 20);
  const bytes = Buffer.concat(parts);
  const { result: decoded, fetchSeconds } = decodeResult(bytes, 2);
  expect([decoded, fetchSeconds]).toEqual([result, 0.25]);
  expect(countsOnce(decoded)).toBe(countsOnce(result));
  for (const cut of [0, 3, 40, bytes.length - 1])
    expect(() => decodeResult(bytes.subarray(0, cut), 2)).toThrow(expect.objectContaining({ code: "corrupt" }));
});

test.each([
  ["windows that do not exist", { entries: changesOf([1, 0, 0], [3], [1]) }],
  ["windows out of order", { entries: changesOf([2, 0, 0], [1, 1], [1, 1]) }],
  ["changes of no series", { entries: changesOf([0, 0, 0], [1], [1]) }],
  ["fewer series than labels", { entries: changesOf([0], [], []) }],
  ["labels without a name", { table: { ...table, names: ["app"] } }],
  ["more values than text", { table: { ...table, valueEnds: new Uint32Array([2, 9]) } }],
  ["more labels than values", { table: { ...table, labelEnds: new Uint32Array([1, 2, 3]) } }],
])("a result with %s is none", (_what, wrong) => {
  const result = { kind: "count", table, entries, amounts: entries, error: undefined, stats, ...wrong } as const;
  const bytes = Buffer.concat([...encodeResult({ result, fetchSeconds: 0 })]);
  expect(() => decodeResult(bytes, 2)).toThrow(expect.objectContaining({ code: "corrupt" }));
});
