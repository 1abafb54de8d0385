import { emptyStats, type QueryResult } from "@ratatosk/model";
import { expect, test } from "vitest";
import { formatValue } from "./numbers.ts";
import { queryResponse } from "./query-response.ts";

const answerTo = (result: QueryResult, encodingFlags: string[] = [], warnings: string[] = []): string =>
  (queryResponse({ result, stats: emptyStats(), warnings, encodingFlags }).body as Buffer)
    .toString()
    .replace(/,"stats":\{.*/s, "");

test("streams: flags stand before the result, lines are safe in HTML, each value has its categories", () => {
  const entry = {
    time: 1n,
    line: Buffer.from([0x3c, 0x62, 0x3e, 0xff, 0x22]),
    categories: { structuredMetadata: [["pod", "p"]], parsed: [] },
  } as const;
  const plain = { time: 2n, line: Buffer.from("x"), categories: { structuredMetadata: [], parsed: [] } };
  const streams = [{ labels: [["a", "<&>"]], entries: [entry, plain] }] as const;
  expect(answerTo({ type: "streams", streams }, ["categorize-labels"])).toBe(
    '{"status":"success","data":{"resultType":"streams","encodingFlags":["categorize-labels"],"result":' +
      '[{"stream":{"a":"<&>"},"values":[["1","\\u003cb\\u003e\ufffd\\"",{"structuredMetadata":{"pod":"p"}}],["2","x",{}]]}]',
  );
});

test("samples: seconds with milliseconds, values as text", () => {
  const series = [{ labels: [], times: Float64Array.of(1500, 2000), values: Float64Array.of(0.1, 1e21) }];
  expect(answerTo({ type: "matrix", series }, ["x"], ["careful"])).toBe(
    '{"status":"success","warnings":["careful"],"data":{"resultType":"matrix","result":' +
      '[{"metric":{},"values":[[1.5,"0.1"],[2,"1000000000000000000000"]]}]',
  );
  expect(answerTo({ type: "scalar", time: 1500, value: NaN })).toContain('"result":[1500,"NaN"]');
  expect(answerTo({ type: "vector", time: 1500, samples: [] })).toContain('"result":[]');
});

test("an answer of many megabytes comes in pieces", async () => {
  const line = Buffer.alloc(1000, "é");
  const entries = Array.from({ length: 2000 }, (_, i) => ({ time: BigInt(i), line }));
  const streams = Array.from({ length: 5 }, (_, i) => ({ labels: [["n", String(i)]] as const, entries }));
  const { body } = queryResponse({ result: { type: "streams", streams }, stats: emptyStats(), warnings: [] });
  const pieces: Uint8Array[] = [];
  for await (const piece of body as AsyncIterable<Uint8Array>) pieces.push(piece);
  expect(pieces.length).toBeGreaterThan(4);
  const parsed = JSON.parse(Buffer.concat(pieces).toString()) as { data: { result: { values: unknown[] }[] } };
  expect(parsed.data.result.map(({ values }) => values.length)).toEqual([2000, 2000, 2000, 2000, 2000]);
});

test.each([
  [0.000001, "0.000001"],
  [1.5e-10, "0.00000000015"],
  [-1.25e22, "-12500000000000000000000"],
  [-0, "-0"],
  [-Infinity, "-Inf"],
])("%d is written %s", (value, text) => {
  expect(formatValue(value)).toBe(text);
});
