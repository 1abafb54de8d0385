import { expect, test } from "vitest";
import { Needle } from "./needle.ts";
import { countRows, newlines, searchRows } from "./search.ts";

const bytes = (string: string): Uint8Array => Buffer.from(string);

function block(lines: readonly string[]): { lines: Uint8Array; offsets: Uint32Array } {
  const offsets = new Uint32Array(lines.length + 1);
  for (const [row, line] of lines.entries()) offsets[row + 1] = offsets[row]! + Buffer.byteLength(line) + 1;
  return { lines: bytes(lines.map((line) => `${line}\n`).join("")), offsets };
}

const rows = ["GET /api", "", "an error\n\tat Foo", "error", "api ERROR", "ürr", "x".repeat(100) + "error"];

const cases: [string, boolean, number[]][] = [
  ["error", false, [2, 3, 6]],
  ["error", true, [2, 3, 4, 6]],
  ["ERROR", true, [2, 3, 4, 6]],
  ["", false, [0, 1, 2, 3, 4, 5, 6]],
  ["r\n\ta", false, [2]],
  ["api\n", false, []],
  ["\n", false, [2]],
  ["r\nap", false, []],
  ["ü", true, [5]],
  ["Ü", true, []],
  ["x".repeat(101), false, []],
  ["/", false, [0]],
  ["E", true, [0, 2, 3, 4, 6]],
];

test.each(cases)("the rows that hold %j (any case: %s)", (needle, ignoreCase, expected) => {
  const { lines, offsets } = block(rows);
  const out = new Uint32Array(rows.length);
  const found = searchRows(lines, offsets, new Needle(bytes(needle), { ignoreCase }), out);
  expect([...out.subarray(0, found)]).toEqual(expected);
  expect(countRows(lines, offsets, new Needle(bytes(needle), { ignoreCase }))).toBe(expected.length);
});

test("newlines are found, as many as there is room for", () => {
  const out = new Uint32Array(3);
  expect(newlines(bytes("\nab\n\n"), out)).toBe(3);
  expect([...out]).toEqual([0, 3, 4]);
  expect(newlines(bytes("\nab\n\n"), out.subarray(0, 2))).toBe(2);
});
