import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { CursorState } from "./cursor.ts";
import { exportLines } from "./export-lines.ts";
import { csvRow, jsonlRow } from "./rows.ts";

let server: Server | undefined;
afterEach(() => server?.close());

/** Answers as the API does, from lines at the times given. */
async function serve(times: readonly bigint[]): Promise<string> {
  server = createServer((request, response) => {
    const query = new URL(request.url!, "http://x").searchParams;
    const [start, end, limit] = ["start", "end", "limit"].map((name) => BigInt(query.get(name)!)) as [
      bigint,
      bigint,
      bigint,
    ];
    const found = times
      .map((time, row) => [String(time), `line ${row}`] as const)
      .filter(([time]) => BigInt(time) >= start && BigInt(time) < end)
      .slice(0, Number(limit));
    response.end(
      JSON.stringify({ data: { resultType: "streams", result: [{ stream: { app: "a" }, values: found }] } }),
    );
  });
  await new Promise<void>((done) => server!.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sourceOf = (url: string, batch: number) => ({
  options: { url, batch: String(batch) },
  signal: new AbortController().signal,
});
const state = (end: bigint): CursorState => ({
  query: "{}",
  format: "jsonl",
  start: 0n,
  end,
  at: 0n,
  seen: [],
  lines: 0,
  bytes: 0,
});

test.each([1, 2, 3, 7, 100])("every line once, though moments lie across batches of %d", async (batch) => {
  const times = [1n, 2n, 3n, 4n, 4n, 5n, 200_000_000_000_000n];
  const source = sourceOf(await serve(times), batch);
  const lines: string[] = [];
  await exportLines(
    state(300_000_000_000_000n),
    source,
    async (rows) => void lines.push(...rows.map(({ line }) => line)),
  );
  expect(lines).toEqual(times.map((_, row) => `line ${row}`));
});

test("an export goes on where its cursor says", async () => {
  const url = await serve([1n, 2n, 2n, 2n, 3n]);
  const lines: string[] = [];
  let saved = state(10n);
  while (saved.at < saved.end) {
    const aborter = new AbortController();
    saved = structuredClone(saved);
    await exportLines(saved, { ...sourceOf(url, 2), signal: aborter.signal }, async (rows) => {
      lines.push(...rows.map(({ line }) => line));
      if (rows.length > 0) aborter.abort();
    });
  }
  expect(lines).toEqual(["line 0", "line 1", "line 2", "line 3", "line 4"]);
});

test("rows are JSON or CSV", () => {
  const entry = { stream: { app: "a" }, time: 1n, line: 'say "hi", now' };
  expect(JSON.parse(jsonlRow(entry))).toEqual({
    timestamp: "1970-01-01T00:00:00.000000001Z",
    labels: { app: "a" },
    line: 'say "hi", now',
  });
  expect(csvRow(entry)).toBe('1970-01-01T00:00:00.000000001Z,"{app=""a""}","say ""hi"", now"');
});
