import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse, parseSelector, parseUnchecked } from "./parse.ts";
import { print } from "./print.ts";

/** Pairs of a query and what is said of it, as the files of testdata hold them. */
function pairsOf(file: string): [query: string, answer: string][] {
  const text = readFileSync(new URL(`../testdata/${file}`, import.meta.url), "utf8");
  const blocks = text.split("\n\n").filter((block) => !block.startsWith("#"));
  return blocks.map((block) => block.trimEnd().split("\n") as [string, string]);
}

function answerOf(query: string): string {
  try {
    return print(parse(query));
  } catch (error) {
    return (error as Error).message;
  }
}

test.each([...pairsOf("errors.txt"), ...pairsOf("canonical.txt")])("%s", (query, answer) => {
  expect(answerOf(query)).toBe(answer);
});

test("an empty query has no place for its error", () => {
  expect(answerOf("")).toBe("parse error : syntax error: unexpected $end");
});

test("lines are counted, and a column counts code points", () => {
  expect(answerOf('{app="cart"}\n# a comment\n |= "😀" x')).toBe(
    "parse error at line 3, col 9: syntax error: unexpected IDENTIFIER",
  );
});

test("a query as long as 131072 bytes is refused", () => {
  const query = `{app="é${"é".repeat(65_532)}`;
  expect(answerOf(query)).toBe("parse error : input size too long (131072 > 131072)");
});

test.each([
  ["one", `{app="a"}${" | json".repeat(1001)}`],
  ["a range", `rate({app="a"}${' |= "x"'.repeat(1001)} [5m])`],
  ["several", Array.from({ length: 20 }, () => `rate({app="a"}${" | json".repeat(51)} [5m])`).join(" + ")],
])("a query of more than a thousand stages in %s is refused", (_, query) => {
  expect(answerOf(query)).toMatch(/more than 1000 stages$/);
});

test("function names are labels where no parenthesis follows", () => {
  expect(answerOf('{rate="x"} | duration > 1s | ip="1.2.3.4"')).toBe('{rate="x"} | duration>1s | ip="1.2.3.4"');
});

test("a string gives bytes, code points and octal escapes", () => {
  expect(parseSelector(String.raw`{a="\xc3\xa9\u00e9\U0001f600\101\a"}`)).toEqual([
    { name: "a", op: "=", value: "éé😀A\x07" },
  ]);
});

test("format_query accepts stages that cannot be built", () => {
  expect(print(parseUnchecked('{app="cart"}|~"("'))).toBe('{app="cart"} |~ "("');
});

test.each([
  ["parentheses", "(".repeat(60_000)],
  ["operators", `1${"+vector(1)".repeat(10_000)}`],
  ["label filters", `{a="b"} | x="1"${" x=1".repeat(20_000)}`],
  ["alternatives", `{a="b"} | x="1"${" or x=1".repeat(15_000)}`],
  ["log ranges", `rate(${"(".repeat(60_000)}`],
])("deep nesting of %s is refused, not overflowed", (_, query) => {
  expect(answerOf(query)).toMatch(/expression nests too deeply$/);
});
