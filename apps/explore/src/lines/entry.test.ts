import { expect, test } from "vitest";
import { appendOlder, type Entry, entriesOf } from "./entry.ts";

const line = (nanos: string, text: string): Entry => entriesOf([{ stream: { app: "a" }, values: [[nanos, text]] }])[0]!;

test("lines of all streams are sorted together, newest first, with their level", () => {
  const entries = entriesOf([
    {
      stream: { app: "a" },
      values: [
        ["1000000000000000003", "c", { structuredMetadata: { detected_level: "ERR" } }],
        ["1000000000000000001", "a"],
      ],
    },
    { stream: { app: "b", level: "warning" }, values: [["1000000000000000002", "b"]] },
  ]);
  expect(entries.map(({ line: text, level }) => [text, level])).toEqual([
    ["c", "error"],
    ["b", "warn"],
    ["a", "unknown"],
  ]);
});

test("older lines join without those of the last moment that are there already", () => {
  const entries = [line("3", "x"), line("2", "y")];
  expect(appendOlder(entries, [line("2", "y"), line("2", "z"), line("1", "w")])).toBe(2);
  expect(entries.map(({ line: text }) => text)).toEqual(["x", "y", "z", "w"]);
});
