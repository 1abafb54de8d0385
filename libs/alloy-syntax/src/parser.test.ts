import { expect, test } from "vitest";
import type { AlloyError } from "./diagnostic.ts";
import { parseAlloy } from "./parser.ts";
import { printExpr } from "./print.ts";
import type { Attribute } from "./tree.ts";

const inProcess = (text: string): string => `loki.process "p" {\n\tforward_to = []\n\n${text}\n}\n`;

/** Places and messages of everything wrong in a text. */
function problems(text: string): string[] {
  try {
    parseAlloy(text, "f");
    return [];
  } catch (error) {
    return (error as AlloyError).diagnostics.map(
      ({ span, message }) => `${span!.start.line}:${span!.start.column} ${message}`,
    );
  }
}

test.each([
  ["a block that is not closed", 'loki.process "p" {\n\tforward_to = []\n', "3:1 expected }, got EOF"],
  ["a string that is not closed", '\nx = ["a]\n', "2:6 string literal not terminated"],
  ["a raw string that is not closed", "x = `abc\ndef\n", "1:5 raw string literal not terminated"],
  ["a list that is not closed", "x {\ny = [\n}\n", "3:1 expected expression, got }"],
  ["a brace too many", "x { }\n}\n", "2:1 expected block label, got }"],
  ["an unknown escape", 'x = "a\\qb"\n', "1:8 unknown escape sequence"],
  ["a hash", "x = 1\n# no\n", "2:1 illegal character U+0023 '#'"],
  [
    "an operator at the start of a line",
    inProcess("\ta = {b = 1\n\t\t+ 2}"),
    "4:12 missing ',' in object, got TERMINATOR",
  ],
  ["a missing comma", "a = [\n\t1\n]\n", "2:3 missing ',' in expression list, got TERMINATOR"],
  ["two attributes on a line", "x {\n\ta = [] b = 1\n}", "2:9 expected TERMINATOR, got b"],
  ["a brace on the next line", 'loki.process "p"\n{\n}\n', "1:17 expected {, got TERMINATOR"],
  ["a missing value", "x {\n\ta =\n}\n", "3:1 expected expression, got }"],
  ["a label with a dash", 'x "my-app" { }', '1:3 expected block label to be a valid identifier, but got "my-app"'],
  ["a NUL", "\0", "1:1 illegal character NUL"],
])("reports %s", (_, text, first) => {
  expect(problems(text)[0]).toBe(first);
});

test("reports more than the first problem", () => {
  expect(problems('a "p" {\n\tx = [1 2]\n}\n\nb "q" {\n\ty = [3 4]\n}\n')).toEqual([
    "2:9 missing ',' in expression list, got 2",
    "6:9 missing ',' in expression list, got 4",
  ]);
});

test("shows the place", () => {
  expect(() => parseAlloy("a = 1\nb = 1 2\n", "x.alloy")).toThrow(
    "Error: x.alloy:2:7: expected TERMINATOR, got 2\n\n1 | a = 1\n2 | b = 1 2\n  |       ^",
  );
});

test.each([
  ["1 + 2 * 3", "1 + 2 * 3"],
  ["a.b[0].c(1,\n2,\n)", "a.b[0].c(1, 2)"],
  ['{a = 1, "b c" = [2], }', '{a = 1, "b c" = [2]}'],
  ["-2 ^ (3)", "-2 ^ (3)"],
  ["1 +\n2", "1 + 2"],
])("reads %s", (text, printed) => {
  const [statement] = parseAlloy(`x = ${text}`, "f").body;
  expect(printExpr((statement as Attribute).value)).toBe(printed);
});

test("nesting without end is refused", () => {
  expect(problems(`x = ${"(".repeat(10_000)}`)[0]).toMatch(/nest too deeply/);
  expect(problems(`x = ${"-".repeat(10_000)}1`)[0]).toMatch(/nest too deeply/);
  expect(problems("a {\n".repeat(5000))[0]).toMatch(/nest too deeply/);
});
