import { expect, test } from "vitest";
import { parseGroup, parseRuleFile } from "./parse-group.ts";
import { printGroup } from "./print-group.ts";

const alert = '{alert: A, expr: "sum(rate({a=\\"b\\"}[1m])) > 0"}';
const group = (rule: string): string => `name: g\nrules: [${rule}]`;

test("a group is read and printed, what is empty or zero left out", () => {
  const text = `name: cart
interval: 90s
limit: 5
rules:
  - alert: Errors
    expr: sum(rate({app="cart"} |= "error" [5m])) > 1
    for: 36h
    labels: {severity: page}
    annotations: {summary: "{{ $value }} errors"}
  - record: cart:lines:rate1m
    expr: sum by (env) (rate({app="cart"}[1m]))
    for: 0s
`;
  const parsed = parseGroup(text);
  expect(parsed).toMatchObject({ name: "cart", intervalMs: 90_000, limit: 5 });
  expect(printGroup(parsed)).toBe(`name: cart
interval: 1m30s
limit: 5
rules:
  - alert: Errors
    expr: sum(rate({app="cart"} |= "error" [5m])) > 1
    for: 1d12h
    labels:
      severity: page
    annotations:
      summary: "{{ $value }} errors"
  - record: cart:lines:rate1m
    expr: sum by (env) (rate({app="cart"}[1m]))
`);
  expect(parseGroup(printGroup(parsed))).toEqual(parsed);
});

test.each([
  ["", "group 0: Groupname must not be empty"],
  ["name: [g", "unable to decoded rule group"],
  ["- name: g", "unable to decoded rule group"],
  [`interval: soon\n${group(alert)}`, "unable to decoded rule group"],
  [group("{alert: A, record: b, expr: '1'}"), "only one of 'record' and 'alert' must be set"],
  [group("{expr: '1'}"), "one of 'record' or 'alert' must be set"],
  [group("{alert: A}"), "field 'expr' must be set in rule"],
  [
    group("{alert: A, expr: 'sum('}"),
    "could not parse expression for alert 'A' in group 'g': parse error at line 1, col 5",
  ],
  [group("{record: 'a b', expr: '1'}"), "invalid recording rule name: a b"],
  [group("{record: a, expr: '1', for: 5m}"), "invalid field 'for' in recording rule"],
  [group("{record: a, expr: '1', annotations: {x: y}}"), "invalid field 'annotations' in recording rule"],
  [group("{alert: A, expr: '1', labels: {a-b: c}}"), "invalid label name: a-b"],
  [group("{alert: A, expr: '1', labels: {__name__: c}}"), "invalid label name: __name__"],
  [group("{alert: A, expr: '1', annotations: {a-b: c}}"), "invalid annotation name: a-b"],
  [
    group("{alert: A, expr: '1', annotations: {x: '{{ nothing }}'}}"),
    'annotation "x": template: __alert_A:1: function "nothing" not defined',
  ],
])("%j is refused in Loki's words", (text, message) => {
  expect(() => parseGroup(text)).toThrow(message);
});

test("a rule file holds several groups", () => {
  expect(parseRuleFile(`groups:\n  - {name: a, rules: [${alert}]}\n  - {name: b}\n`).map(({ name }) => name)).toEqual([
    "a",
    "b",
  ]);
  expect(parseRuleFile("")).toEqual([]);
  expect(() => parseRuleFile("rules: []")).toThrow("unable to decoded rule group");
});
