import { expect, test } from "vitest";
import { errorOffset, searchedWords, selectorOf, volumeQuery } from "./derived.ts";
import { addMatcher, addStage, changePart, filterBy, removePart } from "./edit.ts";
import { type Part, partsOf } from "./parts.ts";

const short = (part: Part): string =>
  part.kind === "stage"
    ? part.text
    : part.kind === "line"
      ? `${part.op} ${part.value}`
      : `${part.name} ${part.op} ${part.value}`;

test.each([
  ["", "empty", []],
  ['{app="a", env=~`b`}', "logs", ["app = a", "env =~ b"]],
  [
    '{app="a"} |= "x" !~ "y" | json | status>=500 | level="e" | line_format "{{.a}}"',
    "logs",
    ["app = a", "|= x", "!~ y", "json", "status >= 500", "level = e", 'line_format "{{.a}}"'],
  ],
  ['{app="a"} |= "x" or "y" | a="1" or b="2"', "logs", ["app = a", '|= "x" or "y"', 'a="1" or b="2"']],
  ['sum by (level) (rate({app="a"} |= "x" [5m]))', "metric", ["app = a", "|= x"]],
  ['rate({app="a"}[1m]) / rate({app="b"} |= "z"[1m])', "metric", ["app = a"]],
])("%s", (text, kind, parts) => {
  const found = partsOf(text);
  expect(found.kind).toBe(kind);
  expect(found.parts.map(short)).toEqual(parts);
});

test("a query that does not parse says so", () => {
  expect(partsOf('{app="a"} |= ').isBroken).toBe(true);
  expect(partsOf('{app="a"} |= "x"').isBroken).toBe(false);
});

test.each([
  ["", '{app="a"}'],
  ["{}", '{app="a"}'],
  ['{b="c"} | json', '{b="c", app="a"} | json'],
  ['rate({b="c",}[1m])', 'rate({b="c", app="a"}[1m])'],
])("a matcher is added to %s", (query, expected) => {
  expect(addMatcher(query, "app", "=", "a")).toBe(expected);
});

test.each([
  ['{b="c"}', '{b="c"} | json'],
  ['{b="c"} |= "x"', '{b="c"} |= "x" | json'],
  ['sum(rate({b="c"} |= "x" [5m]))', 'sum(rate({b="c"} |= "x" | json [5m]))'],
])("a stage is added to %s", (query, expected) => {
  expect(addStage(query, "| json")).toBe(expected);
});

test.each([
  [0, '{c="d"} |= "x" | json'],
  [1, '{a="b"} |= "x" | json'],
  [2, '{a="b", c="d"} | json'],
  [3, '{a="b", c="d"} |= "x"'],
])("part %i is removed", (index, expected) => {
  const query = '{a="b", c="d"} |= "x" | json';
  expect(removePart(query, partsOf(query).parts[index]!)).toBe(expected);
});

test("a part is changed in its place", () => {
  const query = '{a="b"} |= "x" | size > 5';
  const [matcher, line, size] = partsOf(query).parts;
  expect(changePart(query, matcher!, "=~", 'b"|c')).toBe('{a=~"b\\"|c"} |= "x" | size > 5');
  expect(changePart(query, line!, "!=", "y")).toBe('{a="b"} != "y" | size > 5');
  expect(changePart(query, size!, "<", "10KB")).toBe('{a="b"} |= "x" | size < 10KB');
});

test.each([
  ["stream", "app", true, '{env="p", app="v"} | json'],
  ["stream", "env", true, '{env="v"} | json'],
  ["stream", "env", false, '{env="p", env!="v"} | json'],
  ["parsed", "status", true, '{env="p"} | json | status="v"'],
  ["metadata", "trace_id", false, '{env="p"} | json | trace_id!="v"'],
] as const)("filter by a %s name %s", (origin, name, keep, expected) => {
  expect(filterBy('{env="p"} | json', origin, name, "v", keep)).toBe(expected);
});

test("queries are derived from the lines of a query", () => {
  const query = 'rate({a="b"} |= "x" [5m])';
  expect(volumeQuery(query, 60)).toBe('sum by (detected_level) (count_over_time({a="b"} |= "x" [60s]))');
  expect(volumeQuery('{a="b"', 60)).toBeUndefined();
  expect(selectorOf(query)).toBe('{a="b"}');
  expect(searchedWords(query)).toEqual(["x"]);
});

test.each([
  ["parse error at line 1, col 8: syntax error", '{app="a"', 7],
  ["parse error at line 2, col 3: x", "abc\nde", 6],
  ["parse error : no place", "abc", undefined],
])("%s is at %s", (message, query, offset) => {
  expect(errorOffset(message, query)).toBe(offset);
});
