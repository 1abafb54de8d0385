import { expect, test } from "vitest";
import { formatAlloy } from "./format.ts";

test.each([
  ["nothing", "", "\n"],
  ["spaces", 'a.b   "l" {\n     x=[ ]\n }\n', 'a.b "l" {\n\tx = []\n}\n'],
  ["neighbours", "a {\nb = 1\nlonger = 2\n\nc = 3\n}", "a {\n\tb      = 1\n\tlonger = 2\n\n\tc = 3\n}\n"],
  ["values over several lines", "a = [\n1,\n]\nlonger = 2\nb = 3\n", "a = [\n\t1,\n]\nlonger = 2\nb      = 3\n"],
  ["blank lines", "\n\na = 1\n\n\n\nb = 2\n\n", "a = 1\n\nb = 2\n"],
  ["blocks", "a { }\nb {\nx = 1\nc { }\ny = 2\n}", "a { }\n\nb {\n\tx = 1\n\n\tc { }\n\ty = 2\n}\n"],
  ["one-line objects", 'a = { b=1,"c d" = [1,2 , ], }', 'a = {b = 1, "c d" = [1, 2]}\n'],
  [
    "objects",
    "a = {\nb = 1,\nlong = 2,\n\nc = {\nd = 1,\n},\ne = 5,\n}",
    "a = {\n\tb    = 1,\n\tlong = 2,\n\tc    = {\n\t\td = 1,\n\t},\n\te = 5,\n}\n",
  ],
  [
    "brackets closed together",
    "a {\nb = {c = [{d = [1,\n2]}]}\n}",
    "a {\n\tb = {c = [{d = [1,\n\t\t\t\t2],\n\t\t}],\n\t}\n}\n",
  ],
  ["operators", "a = 1+2*(3 -  -1)^2\nb = ! true", "a = 1 + 2 * (3 - -1) ^ 2\nb = !true\n"],
  [
    "comments",
    "// top\n\n// above\na { // open\n// in\nb = 1 // b\n/* c */\n}\n// end",
    "// top\n\n// above\na { // open\n\t// in\n\tb = 1 // b\n\t/* c */\n}\n// end\n",
  ],
  [
    "comments in lists",
    "a = [ // open\n// first\n1, // one\n/* two */ 2,\n// end\n]",
    "a = [ // open\n\t// first\n\t1, // one\n\t/* two */ 2,\n\t// end\n]\n",
  ],
  ["raw strings", "a = `x\n  y`\n", "a = `x\n  y`\n"],
])("formats %s, and the second time changes nothing", (_, text, expected) => {
  const formatted = formatAlloy(text, "-");
  expect(formatted).toBe(expected);
  expect(formatAlloy(formatted, "-")).toBe(formatted);
});

test("no comment is lost inside an expression", () => {
  expect(formatAlloy("a = 1 + // one\n/* two */ 2\n", "-")).toBe("a = 1 /* one */ /* two */ + 2\n");
});
