import { createLogger, Registry } from "@ratatosk/observability";
import { expect, test } from "vitest";
import { readStages } from "../config/stages.ts";
import { parseYaml } from "../config/yaml-node.ts";
import { Entry } from "../entry.ts";
import { Origin } from "../origin.ts";
import { Pipeline } from "../pipeline.ts";
import { CustomMetrics } from "./custom-metrics.ts";
import { StageEvents } from "./stage-events.ts";

/** Sends lines through stages; each entry that comes out as its line, labels and time. */
function run(yaml: string, lines: readonly string[], labels: Record<string, string> = { job: "test" }): string[] {
  const events = new StageEvents(new Registry(), new CustomMetrics());
  const parts = { job: "test", log: createLogger("silent"), events, now: () => 1_714_557_600_000 };
  const stages = readStages(parseYaml(yaml, "test.yaml"), "test").map((stage) => stage.build(parts));
  const out: string[] = [];
  const pipeline = new Pipeline(stages, {
    lines: () => undefined,
    entry: ({ text, labels: its }) =>
      out.push(`${text} ${JSON.stringify(Object.fromEntries([...its].sort(([a], [b]) => (a < b ? -1 : 1))))}`),
    ready: () => undefined,
  });
  const origin = new Origin("file", "test");
  for (const [i, line] of lines.entries()) {
    origin.read = i;
    const entry = new Entry(origin, i, i + 1, new Map(Object.entries(labels)), Buffer.from(line), {
      seconds: 0,
      nanos: 0,
    });
    pipeline.entry(entry);
    origin.read = i + 1;
  }
  pipeline.flush();
  pipeline.close();
  expect(origin.handed).toBe(lines.length);
  return out;
}

test.each([
  [
    "json",
    "- json: {expressions: {level: , x: a.b}}\n- labels: {level: , x: }",
    ['{"level":"warn","a":{"b":7}}'],
    ['{"level":"warn","a":{"b":7}} {"job":"test","level":"warn","x":"7"}'],
  ],
  [
    "logfmt",
    "- logfmt: {mapping: {lvl: level}}\n- labels: {lvl: }",
    ['level=warn msg="a b"'],
    ['level=warn msg="a b" {"job":"test","lvl":"warn"}'],
  ],
  [
    "replace with nested groups",
    "- replace: {expression: '((a)b)', replace: '<{{ .Value }}>'}",
    ["xaby"],
    ['x<ab>y {"job":"test"}'],
  ],
  ["match and drop", '- match: {selector: \'{job="test"} |= "x"\', action: drop}', ["x", "y"], ['y {"job":"test"}']],
  [
    "multiline",
    "- multiline: {firstline: '^S'}",
    ["a", "S 1", "b", "S 2"],
    ['a {"job":"test"}', 'S 1\nb {"job":"test"}', 'S 2 {"job":"test"}'],
  ],
  [
    "cri",
    "- cri: {}",
    ["2024-05-01T10:00:00Z stdout P ab", "2024-05-01T10:00:01Z stdout F cd"],
    ['abcd {"job":"test","stream":"stdout"}'],
  ],
  [
    "pack",
    "- pack: {labels: [job], ingest_timestamp: false}",
    ["<hi>"],
    ['{"job":"test","_entry":"\\u003chi\\u003e"} {}'],
  ],
  ["decolorize", "- decolorize: {}", ["\u001b[31mred\u001b[0m"], ['red {"job":"test"}']],
])("%s", (_, yaml, lines, expected) => {
  expect(run(yaml, lines)).toEqual(expected);
});

test.each([
  ["- jsonn: {}", "unknown stage type: jsonn"],
  ["- json: {}", "invalid json stage config: JMES expression is required"],
  ["- regex: {expression: '('}", "could not compile regular expression"],
  ["- match: {selector: '{a=\"b\"}', stages: [{output: {}}]}", "output source value is required"],
  ["- drop: {}", "drop stage must contain at least one of"],
])("%s is refused", (yaml, message) => {
  expect(() => readStages(parseYaml(yaml, "test.yaml"), "test")).toThrow(message);
});
