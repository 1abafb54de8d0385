import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { checkAgent } from "./agent-check.ts";
import { clockFinding } from "./clock.ts";
import { checkDirectory } from "./disk-check.ts";
import { parseSamples } from "./samples.ts";
import { checkServer } from "./server-check.ts";
import { checkStore } from "./store-check.ts";

const directory = mkdtempSync(join(tmpdir(), "doctor-"));
afterAll(() => rmSync(directory, { recursive: true }));
let server: Server | undefined;
afterEach(() => server?.close());

/** A server whose paths answer as given; others are 404. */
async function serve(pages: Readonly<Record<string, string>>, date?: string): Promise<string> {
  server = createServer((request, response) => {
    const page = pages[request.url!];
    if (date !== undefined) response.setHeader("date", date);
    response.writeHead(page === undefined ? 404 : 200).end(page ?? "no such page");
  });
  await new Promise<void>((done) => server!.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a sound server has nothing but ok", async () => {
  const url = await serve({ "/ready": "ready\n", "/services": "ingester => Running\n", "/metrics": "up 1\n" });
  expect((await checkServer({ url })).map(({ state }) => state)).toEqual(["ok", "ok", "ok", "ok"]);
});

test("what a server refuses is told with the limit to raise", async () => {
  const metrics =
    'loki_discarded_samples_total{reason="line_too_long",tenant="fake"} 7\nloki_ingester_flush_queue_length 2\n';
  const url = await serve({ "/ready": "ready", "/services": "ingester => Failed\n", "/metrics": metrics });
  const found = await checkServer({ url });
  expect(found.filter(({ state }) => state !== "ok").map(({ about, what }) => `${about}: ${what}`)).toEqual([
    "services: ingester => Failed",
    "limits: 7 lines of tenant fake were refused since the start: line_too_long",
    "ingester: 2: parts of the log wait to be shipped to the store",
  ]);
  expect(found.find(({ about }) => about === "limits")!.advice).toContain("max_line_size");
});

test("a server that is not there, and one whose clock is wrong, are problems", async () => {
  expect(await checkServer({ url: "http://127.0.0.1:1" })).toMatchObject([{ state: "problem", about: "server" }]);
  const url = await serve({ "/ready": "ready" }, new Date(Date.now() - 3_600_000).toUTCString());
  const clock = (await checkServer({ url })).find(({ about }) => about === "clock");
  expect(clock).toMatchObject({ state: "problem", what: expect.stringContaining("behind") });
});

test("clocks may differ by a little, and by whole seconds", () => {
  expect(clockFinding("it", 10_000, [14_000, 14_100]).state).toBe("ok");
  expect(clockFinding("it", 30_000, [14_000, 14_100])).toMatchObject({ state: "problem", what: "it is 16 s ahead" });
});

test("an agent that is behind or loses lines is told of", async () => {
  const url = await serve({
    "/metrics": 'promtail_file_lag_bytes{path="/a"} 3e7\npromtail_dropped_entries_total{reason="x"} 2\n',
  });
  expect((await checkAgent(url)).map(({ what }) => what)).toEqual([
    `${url} is 30.0 MB behind its files`,
    `${url} dropped 2 lines`,
  ]);
});

test("a store is tried, and left as it was", async () => {
  const found = await checkStore({ filesystem: { directory: join(directory, "store") } });
  expect(found.map(({ state }) => state)).toEqual(["ok", "ok"]);
  writeFileSync(join(directory, "file"), "");
  const broken = await checkStore({ filesystem: { directory: join(directory, "file") } });
  expect(broken).toMatchObject([{ state: "problem", about: "store" }]);
});

test("a directory is checked, also one that is still to be made", async () => {
  expect(await checkDirectory(join(directory, "a/b/c"), "wal")).toMatchObject([{ about: "disk" }]);
  writeFileSync(join(directory, "plain"), "");
  expect(await checkDirectory(join(directory, "plain/x"), "wal")).toMatchObject([
    { state: "problem", what: expect.stringContaining("no directory") },
  ]);
});

test("metrics are read, quoted labels too", () => {
  expect(parseSamples('# HELP a b\na{x="1",y="say \\"}\\""} 2.5 1700000000\nb NaN\n')).toMatchObject([
    { name: "a", labels: { x: "1" }, value: 2.5 },
    { name: "b", value: NaN },
  ]);
});
