import { expect, test } from "vitest";
import { marksOf, segments } from "./segments.ts";

const shown = (line: string, ...words: string[]): string[] =>
  segments(line, marksOf(words)).map(({ text, style }) => (style === "" ? text : `${style}(${text})`));

test.each([
  ["plain", [], ["plain"]],
  ["\u001b[31mred\u001b[0m plain", [], ["a-red(red)", " plain"]],
  ["\u001b[1;92mok\u001b[22m still\u001b[39m.", [], ["a-green a-bold(ok)", "a-green( still)", "."]],
  ["\u001b[38;5;9mx\u001b[38;2;1;2;3my", [], ["a-red(x)", "a-red(y)"]],
  ["clear\u001b[2Jed", [], ["clear", "ed"]],
  ["one two one", ["ONE"], ["mark(one)", " two ", "mark(one)"]],
  ["a\u001b[31mb\u001b[0mc", ["abc"], ["mark(a)", "a-red mark(b)", "mark(c)"]],
  ["a.b", ["."], ["a", "mark(.)", "b"]],
  ["nul\u0000bell\u0007", [], ["nul", "hidden-char(\u2400)", "bell", "hidden-char(\u2407)"]],
  ["user\u202egnp.exe", [], ["user", "hidden-char(RLO)", "gnp.exe"]],
  ["<img src=x onerror=alert(1)>", [], ["<img src=x onerror=alert(1)>"]],
])("%j with marks %j", (line, words, expected) => {
  expect(shown(line, ...words)).toEqual(expected);
});
