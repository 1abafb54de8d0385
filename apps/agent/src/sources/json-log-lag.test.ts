import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { jsonLogLag } from "./json-log-lag.ts";

const folder = mkdtempSync(join(tmpdir(), "json-log-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "c-json.log");

/** One record a second, of changing length. */
const record = (second: number): string =>
  `${JSON.stringify({ log: `${"x".repeat((second * 7919) % 4000)}\n`, stream: "stdout", time: new Date(second * 1000).toISOString() })}\n`;
const records = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => record(from + i)).join("");

const old = records(0, 100);
const rotated = records(100, 200);
const current = records(200, 2000);
writeFileSync(`${path}.2`, old);
writeFileSync(`${path}.1`, rotated);
writeFileSync(path, current);

test.each([
  [1999, 0],
  [1998, record(1999).length],
  [1000, records(1001, 2000).length],
  [200, records(201, 2000).length],
  [199, current.length],
  [150, records(151, 200).length + current.length],
  [99, rotated.length + current.length],
  [-1, old.length + rotated.length + current.length],
])("behind second %i of a log lie %i bytes, rotated files included", (seconds, bytes) => {
  expect(jsonLogLag(path, { seconds, nanos: 0, count: 1 })).toBe(bytes);
});

test("of a log that cannot be read nobody can tell", () => {
  expect(jsonLogLag(join(folder, "none"), { seconds: 0, nanos: 0, count: 0 })).toBeUndefined();
});
