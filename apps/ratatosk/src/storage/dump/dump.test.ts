import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { dumpObject } from "./dump-object.ts";
import { dumpJson, type DumpRecord, dumpText } from "./dump-record.ts";

const testdata = new URL("../../../../../libs/store/testdata/", import.meta.url);
const dumped = (bytes: Buffer, lines = false): DumpRecord[] => [...dumpObject("x", bytes, { lines })];
const kindsOf = (records: readonly DumpRecord[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { kind } of records) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

/** A file of a log with two records, of which the first says it is a batch. */
const log = Buffer.from(
  "52544b5701010000000100000084933056526357610c0000004798e4a8016669727374207265636f72645263576100000000596f363402",
  "hex",
);

describe.each([
  [1, 20],
  [2, 20],
  [3, 2],
])("version %i", (version, chunks) => {
  test("a segment tells its chunks, blocks, columns and lines", async () => {
    const bytes = await readFile(new URL(`version-${version}.seg`, testdata));
    const records = dumped(bytes, true);
    const counts = kindsOf(records);
    expect(records[0]).toMatchObject({ kind: "segment", version, bytes: bytes.length, chunks });
    expect(counts).toMatchObject({ segment: 1, chunk: chunks });
    const entries = records
      .filter(({ kind }) => kind === "block")
      .reduce((sum, one) => sum + Number(one["entries"]), 0);
    expect(counts["line"]).toBe(entries);
    expect(records.filter((one) => one["checksum"] === "wrong")).toEqual([]);
    expect(dumped(bytes)).toEqual(records.filter(({ kind }) => kind !== "line"));
  });

  test("an index file tells the segments it names and its chunks", async () => {
    const records = dumped(await readFile(new URL(`version-${version}.idx`, testdata)));
    expect(kindsOf(records)).toEqual({ index: 1, names: 1, chunk: chunks });
    expect(records[0]).toMatchObject({ series: chunks });
  });
});

test("damage is told, and what is readable around it", async () => {
  const bytes = await readFile(new URL("version-2.seg", testdata));
  bytes[30]! ^= 1;
  const records = dumped(bytes, true);
  expect(kindsOf(records)).toMatchObject({ chunk: 20, damage: 1 });
  expect(records.filter((one) => one["checksum"] === "wrong")).toHaveLength(1);
  expect(kindsOf(dumped(bytes.subarray(0, -40)))).toEqual({ damage: 1 });
  expect(kindsOf(dumped(Buffer.from("nothing known")))).toEqual({ damage: 1 });
  expect(kindsOf(dumped(Buffer.alloc(0)))).toEqual({ damage: 1 });
});

test("a log tells its records, and where it is damaged or cut off", () => {
  expect(dumped(log).map(({ kind, what }) => [kind, what])).toEqual([
    ["log", undefined],
    ["damage", "batch: does not begin with RTKB"],
    ["record", undefined],
  ]);
  expect(dumped(log.subarray(0, 35)).at(-1)).toMatchObject({ kind: "damage", what: "cut off at byte 17" });
});

test("for a person a line each with times to read, as JSON nanoseconds in text", () => {
  const record = { kind: "line", time: 1_768_478_400_000_000_001n, line: "GET / 200", metadata: { trace: "a" } };
  expect(dumpText(record)).toBe(
    '      line time=2026-01-15T12:00:00.000000001Z line="GET / 200" metadata={"trace":"a"}',
  );
  expect(dumpJson(record)).toBe(
    '{"kind":"line","time":"1768478400000000001","line":"GET / 200","metadata":{"trace":"a"}}',
  );
});
