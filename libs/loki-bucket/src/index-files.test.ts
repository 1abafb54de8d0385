import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { formatLabels, labelValue, RatatoskError } from "@ratatosk/model";
import { afterAll, expect, test } from "vitest";
import { BoltFile } from "./bolt-file.ts";
import { BoltIndex } from "./bolt-index.ts";
import type { IndexFile, IndexQuery } from "./table.ts";
import { BoltWriter } from "./testing/bolt-writer.ts";
import { damaged, randomFrom, testdata } from "./testing/testdata.ts";
import { TsdbIndex } from "./tsdb-index.ts";

const directory = mkdtempSync(join(tmpdir(), "loki-index-"));
afterAll(() => rmSync(directory, { recursive: true }));

const day = 20_468;
const all: IndexQuery = { tenant: "fake", fromMs: 0, throughMs: 4e12, matches: () => true, equals: [] };

const isClock: IndexQuery["matches"] = (labels) => labelValue(labels, "app") === "clock";

function openIndex(name: string, bytes = gunzipSync(testdata(name))): IndexFile {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return name.startsWith("tsdb") ? new TsdbIndex(path, false) : new BoltIndex(path, day);
}

function read(index: IndexFile, query: IndexQuery): Record<string, string[]> {
  try {
    const series = [...index.select(query)];
    return Object.fromEntries(series.map(({ labels, chunks }) => [formatLabels(labels), chunks.map(({ key }) => key)]));
  } finally {
    index.close();
  }
}

const files = ["boltdb-v12.gz", "boltdb-by-tenant.gz", "tsdb-v2.gz", "tsdb-v3.gz"];

test.each(files)("all series and chunks of Loki's index are found: %s", (name) => {
  expect(read(openIndex(name), all)).toMatchSnapshot();
});

test.each(files)("an equality is looked up, and answers as a full look would: %s", (name) => {
  const everything = read(openIndex(name), all);
  for (const app of ["clock", "traced", "nowhere"]) {
    const wanted = Object.entries(everything).filter(([stream]) => stream.includes(`app="${app}"`));
    const matches: IndexQuery["matches"] = (labels) => labelValue(labels, "app") === app;
    const query = { ...all, matches, equals: [["app", app]] as const };
    expect(read(openIndex(name), query)).toEqual(Object.fromEntries(wanted));
  }
});

const label = /^\d\d:fake:d\d+:logs/;

/** No sample of these schemas was at hand: their rows are those of v12 without what came later. */
test.each<[schema: string, row: (key: string) => string]>([
  ["v10", (key) => key],
  ["v9", (key) => (label.test(key) ? key.slice(3) : key)],
])("an index of schema %s, which has no rows of label names, is read", (_, row) => {
  const source = join(directory, "v12");
  writeFileSync(source, gunzipSync(testdata("boltdb-v12.gz")));
  const file = new BoltFile(source);
  const rows = [...file.rows("index", new Uint8Array())]
    .filter(({ key }) => key.at(-2) !== "9".charCodeAt(0))
    .map(
      ({ key, value }) =>
        [Buffer.from(row(Buffer.from(key).toString("latin1")), "latin1"), Buffer.from(value)] as const,
    );
  file.close();
  const path = join(directory, "older");
  const writer = new BoltWriter(path);
  for (const [key, value] of rows.toSorted(([a], [b]) => Buffer.compare(a, b))) writer.add(key, value);
  writer.finish();
  for (const query of [all, { ...all, equals: [["app", "clock"]] as const, matches: isClock }])
    expect(read(new BoltIndex(path, day), query)).toEqual(read(new BoltIndex(source, day), query));
});

test.each(files)("chunks outside the time asked for are left out: %s", (name) => {
  expect(read(openIndex(name), { ...all, fromMs: 4e12 - 1 })).toEqual({});
});

test("another tenant has nothing in a boltdb file", () => {
  expect(read(openIndex("boltdb-v12.gz"), { ...all, tenant: "other" })).toEqual({});
});

test.each(files)("damaged index files are refused or read, and nothing else happens: %s", (name) => {
  const random = randomFrom(2);
  const whole = gunzipSync(testdata(name));
  const outcomes = new Set<string>();
  for (let i = 0; i < 400; i++) {
    try {
      read(openIndex(name, Buffer.from(damaged(whole, random))), all);
      outcomes.add("read");
    } catch (error) {
      outcomes.add(error instanceof RatatoskError ? error.code : String(error));
    }
  }
  expect([...outcomes].filter((outcome) => outcome !== "corrupt" && outcome !== "read")).toEqual([]);
});

test.runIf(existsSync("/proc/self/fd")).each(files)("a damaged index file is closed again: %s", (name) => {
  const random = randomFrom(3);
  const whole = gunzipSync(testdata(name));
  const open = (): number => readdirSync("/proc/self/fd").length;
  const before = open();
  for (let i = 0; i < 100; i++)
    try {
      read(openIndex(name, Buffer.from(damaged(whole, random))), all);
    } catch {}
  expect(open()).toBeLessThan(before + 5);
});
