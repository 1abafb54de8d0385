import { LimitsConfig } from "@ratatosk/config";
import { parse } from "@ratatosk/logql";
import { expect, test } from "vitest";
import { isBlocked } from "./blocked-queries.ts";

const blockedBy = (entry: object, text: string, tags = {}): boolean =>
  isBlocked({ text, expr: parse(text), tags }, LimitsConfig.parse({ blocked_queries: [entry] }).blocked_queries);

test.each([
  ["the same text", { pattern: '{app="a"}' }, '{app="a"}', true],
  ["the same query, written otherwise", { pattern: '{app="a"} |= "x"' }, '{ app = "a" }|="x"', true],
  ["another text", { pattern: '{app="a"}' }, '{app="ab"}', false],
  ["an expression, anywhere in the text", { pattern: "rate.*prod", regex: true }, 'sum(rate({env="prod"}[1m]))', true],
  ["an expression that is wrong", { pattern: "(", regex: true }, '{app="("}', false],
  ["no pattern at all", {}, '{app="a"}', true],
  ["a hash (FNV-1)", { hash: 3_674_209_154 }, '{app="a"}', true],
  ["a type", { types: "metric" }, 'rate({app="a"}[1m])', true],
  ["another type", { types: "metric" }, '{app="a"} |= "x"', false],
  ["one of two types", { types: "filter, limited" }, '{app="a"}', true],
])("%s", (_name, entry, text, expected) => {
  expect(blockedBy(entry, text)).toBe(expected);
});

test("tags must all be there, in any case", () => {
  const entry = { pattern: ".*", regex: true, tags: { source: "Grafana", feature: "x" } };
  expect(blockedBy(entry, '{app="a"}', { Source: "grafana", Feature: "X" })).toBe(true);
  expect(blockedBy(entry, '{app="a"}', { Source: "grafana" })).toBe(false);
});
