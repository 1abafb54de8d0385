import { expect, test } from "vitest";
import { countOf, recordsBetween } from "./log-records.ts";
import type { ResourceLogs } from "./logs.ts";

const record = (text: string): { body: { stringValue: string } } => ({ body: { stringValue: text } });
const resource = { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] };
const logs: ResourceLogs[] = [
  { resource, scopeLogs: [{ scope: { name: "a" }, logRecords: [record("1"), record("2")] }, { logRecords: [] }] },
  { scopeLogs: [{ scope: { name: "b" }, logRecords: [record("3")] }] },
];

test.each<[from: number, to: number, expected: ResourceLogs[]]>([
  [0, 3, [{ resource, scopeLogs: [logs[0]!.scopeLogs![0]!] }, logs[1]!]],
  [0, 1, [{ resource, scopeLogs: [{ scope: { name: "a" }, logRecords: [record("1")] }] }]],
  [1, 3, [{ resource, scopeLogs: [{ scope: { name: "a" }, logRecords: [record("2")] }] }, logs[1]!]],
  [2, 3, [logs[1]!]],
  [3, 3, []],
])("records %i to %i stand under their resource and scope", (from, to, expected) => {
  expect(recordsBetween(logs, from, to)).toEqual(expected);
  expect(countOf(expected)).toBe(to - from);
});
