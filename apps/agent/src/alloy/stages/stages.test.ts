import { createLogger, Registry } from "@ratatosk/observability";
import { parseAlloy } from "@ratatosk/alloy-syntax";
import { expect, test } from "vitest";
import { Entry } from "../../entry.ts";
import { Origin } from "../../origin.ts";
import { connect } from "../../pipeline.ts";
import { CustomMetrics } from "../../stages/custom-metrics.ts";
import { StageEvents } from "../../stages/stage-events.ts";
import { evaluateBody } from "../body.ts";
import { decodeBody, schema, withItems } from "../schema.ts";
import { isLuhn } from "./luhn.ts";
import { compilePattern } from "./pattern.ts";
import { buildStages, stageSchemas } from "./stage-table.ts";

/** What stage blocks make of lines: line, labels and metadata of each. */
function run(text: string, lines: readonly string[], labels: Record<string, string> = {}): object[] {
  const body = evaluateBody(parseAlloy(text, "t").body, () => undefined);
  const place = { offset: 0, line: 1, column: 1 };
  const { items } = decodeBody(
    body,
    withItems(schema({}), () => stageSchemas),
    { start: place, end: place },
  );
  const events = new StageEvents(new Registry(), new CustomMetrics());
  const parts = { job: "t", log: createLogger("silent"), events, now: Date.now };
  const out: object[] = [];
  const push = connect(
    buildStages(items).map((stage) => stage.build(parts)),
    (entry) => out.push({ line: entry.text, labels: Object.fromEntries(entry.labels), metadata: entry.metadata }),
  );
  const origin = new Origin("k", "t");
  for (const [i, line] of lines.entries())
    push(new Entry(origin, i, i + 1, new Map(Object.entries(labels)), Buffer.from(line), { seconds: 0, nanos: 0 }));
  return out;
}

const plain = (line: string, labels: object = {}, metadata: object = []): object => ({ line, labels, metadata });

test.each([
  [
    "stage.luhn { }",
    ["card 4111111111111111", "4111111111111112"],
    [plain("card **REDACTED**"), plain("4111111111111112")],
  ],
  ["stage.split_json { }", ['["x",{"a":1}]', "[]", "text"], [plain('"x"'), plain('{"a":1}'), plain("text")]],
  [
    'stage.truncate {\n\trule {\n\t\tlimit = "10B"\n\t\tsuffix = "..."\n\t}\n}',
    ["12345678901", "ééééé", "short"],
    [plain("1234567..."), plain("ééé..."), plain("short")],
  ],
  [
    'stage.regex {\n\texpression = "^(?P<level>[A-Z]+)"\n\tlabels_from_groups = true\n}',
    ["WARN x", "x"],
    [plain("WARN x", { level: "WARN" }), plain("x")],
  ],
  [
    'stage.json { regex = "^le" }\nstage.labels { values = {level = null} }',
    ['{"level":"a","x":1}'],
    [plain('{"level":"a","x":1}', { level: "a" })],
  ],
  [
    'stage.logfmt { regex = "^a" }\nstage.labels { values = {a1 = ""} }',
    ["a1=x b=y"],
    [plain("a1=x b=y", { a1: "x" })],
  ],
  [
    'stage.logfmt { mapping = {t = ""} }\nstage.structured_metadata { regex = "^t" }',
    ["t=1"],
    [plain("t=1", {}, [["t", "1"]])],
  ],
  ['stage.drop { longer_than = "3B" }', ["abc", "abcd"], [plain("abc")]],
  [
    'stage.match {\n\tselector = "{} |= \\"a\\""\n\n\tstage.static_labels { values = {k = "v"} }\n}',
    ["a", "b"],
    [plain("a", { k: "v" }), plain("b")],
  ],
] as const)("%s", (text, lines, expected) => {
  expect(run(text, lines)).toEqual(expected);
});

test("patterns name pieces of a line", () => {
  const match = compilePattern('<ip> - <_> "<method> <_>"');
  expect(match('1.2.3.4 - bob "GET /x"')).toEqual([
    ["ip", "1.2.3.4"],
    ["method", "GET"],
  ]);
  expect(compilePattern("user=<user>")("x user=bob")).toBeUndefined();
  expect(() => compilePattern("<a><b>")).toThrow("consecutive");
  expect(() => compilePattern("no")).toThrow("at least one capture");
});

test("card numbers are told by their last digit", () => {
  expect(["4111111111111111", "378282246310005"].every(isLuhn)).toBe(true);
  expect(isLuhn("4111111111111112")).toBe(false);
});
