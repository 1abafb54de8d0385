import { LimitsConfig } from "@ratatosk/config";
import { describe, expect, test } from "vitest";
import { FieldNames } from "./field-names.ts";
import { levelOfSeverityNumber, levels, normalLevel } from "./level.ts";
import { lineLevel } from "./line-level.ts";

const fields = new FieldNames(LimitsConfig.parse({}).log_level_fields);

function levelOf(line: string, depth = 2, names = fields): string {
  const bytes = Buffer.from(`\n${line}\n`);
  return levels[lineLevel(bytes, 1, bytes.length - 1, names, depth)]!;
}

describe("a JSON line", () => {
  test.for<[string, string]>([
    ['{"level":"error","msg":"x"}', "error"],
    ['{"msg":"x","level":"warn"}', "warn"],
    ['{"SeverityText":"WARN"}', "warn"],
    ['{"log.level":"wrn"}', "warn"],
    ['{"log":{"level":"error"}}', "error"],
    ['{"a":{"level":"debug"},"level":"error"}', "debug"],
    ['{"severity":"debug","level":"error"}', "debug"],
    ['{"level":"notice"}', "unknown"],
    ['{"level":"notice","msg":"error: x"}', "error"],
    ['{"level":30}', "unknown"],
    ['{"level":null,"severity":"warn"}', "warn"],
    ['{"a":[{"level":"debug"}],"n":-1.5e3,"level":"fatal"}', "fatal"],
    ['{"quoted \\" }":"\\\\","level":"info"}', "info"],
    [' {"level":"error"} ', "error"],
    ['{"level":"error"', "error"],
    ["{}", "unknown"],
    ["{", "unknown"],
    ['{"', "unknown"],
    ['{"level":"}', "unknown"],
  ])("%s is %s", ([line, level]) => expect(levelOf(line)).toBe(level));

  test("is read as deep as allowed, 0 being any depth", () => {
    const line = '{"a":{"b":{"c":{"level":"DBG"}}}}';
    expect([0, 1, 4].map((depth) => levelOf(line, depth))).toEqual(["debug", "unknown", "debug"]);
  });
});

describe("a logfmt line", () => {
  test.for<[string, string]>([
    ["level=error msg=x", "error"],
    ["msg=x LEVEL=info", "info"],
    ['level="error" msg="a b"', "error"],
    ["level=info severity=error", "info"],
    ["severity=error level=info", "info"],
    ["level=notice msg=x", "unknown"],
    ['level=notice msg="fatal x"', "fatal"],
    ['ts=1 caller=a.go:1 level=debug err="error x"', "debug"],
    ["level=err,or", "error"],
    ["level= msg=x", "unknown"],
    ["level", "unknown"],
    ['level="', "unknown"],
    ['level="error', "error"],
    ["=", "unknown"],
    ["a=b c=d", "unknown"],
  ])("%s is %s", ([line, level]) => expect(levelOf(line)).toBe(level));

  test("is searched by names of one's own", () => {
    expect(levelOf("sev=error level=warn", 2, new FieldNames(["sev", "level"]))).toBe("error");
  });
});

describe("a line of text", () => {
  test.for<[string, string]>([
    ["nothing to see", "unknown"],
    ["[ERROR] something", "error"],
    ["2024-06-10 06:13:20 WARN x", "warn"],
    ["<error> x", "unknown"],
    ["error; x", "unknown"],
    ["x:error", "unknown"],
    ["no-error terror errors error_code", "unknown"],
    ["Error(5)", "error"],
    ["WARNING: error", "warn"],
    ["information", "unknown"],
    ["x\nerror x", "error"],
    ["errör", "unknown"],
    ["日本 error 語", "error"],
    ["err", "error"],
    ["", "unknown"],
    [" ", "unknown"],
  ])("%s is %s", ([line, level]) => expect(levelOf(line)).toBe(level));
});

test("a level that a client names is spelled our way, other words stay", () => {
  expect(["ERR", "Warning", "inf", "Notice", ""].map(normalLevel)).toEqual(["error", "warn", "info", "Notice", ""]);
});

test("a severity number has a level", () => {
  const numbers = ["0", "1", "4", "5", "12", "16", "17", "24", "25", "x"];
  const found = ["unknown", "trace", "trace", "debug", "info", "warn", "error", "fatal", "unknown", "info"];
  expect(numbers.map(levelOfSeverityNumber)).toEqual(found);
});

test("no line, however torn, leads the detector outside of it", () => {
  const pieces = ["{", "}", '"', "\\", ":", ",", "[", "]", "=", " ", "level", "error", "\n", '{"level":"', "é"];
  let seed = 7;
  const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 5000; round++) {
    const line = Array.from({ length: random(12) }, () => pieces[random(pieces.length)]!).join("");
    const alone = Buffer.from(line);
    const among = Buffer.concat([Buffer.from("level=fatal "), alone, Buffer.from('"} fatal')]);
    const level = lineLevel(alone, 0, alone.length, fields, 2);
    expect({ line, level: lineLevel(among, 12, 12 + alone.length, fields, 2) }).toEqual({ line, level });
  }
});
