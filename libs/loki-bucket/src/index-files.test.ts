import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { formatLabels, labelValue, RatatoskError } from "@ratatosk/model";
import { afterAll, expect, test } from "vitest";
import { BoltIndex } from "./bolt-index.ts";
import type { IndexFile, IndexQuery } from "./table.ts";
import { damaged, randomFrom, testdata } from "./testing/testdata.ts";
import { TsdbIndex } from "./tsdb-index.ts";

const directory = mkdtempSync(join(tmpdir(), "loki-index-"));
afterAll(() => rmSync(directory, { recursive: true }));

const day = 20_468;
const all: IndexQuery = { tenant: "fake", fromMs: 0, throughMs: 4e12, matches: () => true, equals: [] };

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
