import { expect, test } from "vitest";
import { evaluate, type EvaluationError } from "./evaluate.ts";
import { parseExpression } from "./parser.ts";
import { AlloyFunction, type AlloyValue, ArgumentError, Capsule, Secret } from "./value.ts";

const receiver = new Capsule("LogsReceiver", {});
const names = new Map<string, AlloyValue>([
  ["nothing", null],
  ["secret", new Secret("s")],
  ["receiver", receiver],
  ["target", new Map([["__path__", "/a"]])],
  [
    "upper",
    new AlloyFunction("upper", ([text]) => {
      if (typeof text !== "string") throw new ArgumentError(0, "should be string");
      return text.toUpperCase();
    }),
  ],
]);

const value = (text: string): AlloyValue => evaluate(parseExpression(text), (name) => names.get(name));

test.each<[string, AlloyValue]>([
  ["017", 15n],
  ["08", 8],
  ["1.", 1],
  [".5", 0.5],
  ["1e3", 1000],
  ["9007199254740993", 9007199254740993n],
  ["-2 ^ 2", 4n],
  ["2 ^ 3 ^ 2", 512n],
  ["16 ^ 0.5", 4],
  ["3 ^ -2", 3n],
  ["7 / 2", 3n],
  ["-7 / 2", -3n],
  ["7 / 2.0", 3.5],
  ["-7 % 4", -3n],
  ["9223372036854775807 + 1", -(2n ** 63n)],
  ["1 + 2 * 3", 7n],
  ["true || false && false", true],
  ["1 + 1 == 2 && 3 > 2", true],
  ["3 == 3.0", true],
  ['3 == "3"', false],
  ["[1, {a = 2}] == [1.0, {a = 2}]", true],
  ["receiver == receiver", true],
  ["upper == upper", false],
  ['"a" + `b`', "ab"],
  ['"\\101\\x41\\u00e9\\U0001F600"', "AAé😀"],
  ["`a\r\nb`", "a\nb"],
  ["nothing", null],
  ['{a = 1}["b"]', null],
  ['target["__path__"]', "/a"],
  ["{a = {b = [1, 2]}}.a.b[1]", 2n],
  ['upper("a") + "b"', "Ab"],
])("%s", (text, expected) => {
  expect(value(text)).toEqual(expected);
});

test("a text joined with a secret is one", () => {
  expect(value('"a" + secret')).toEqual(new Secret("as"));
});

test.each([
  ["absent", 'identifier "absent" does not exist', "absent"],
  ["{b = 1}.c", 'field "c" does not exist', "c"],
  ["{b = 1}.b.c", 'cannot access field "c" on value of type number', "{b = 1}.b"],
  ["[1][-1]", "index -1 is out of range of array with length 1", "-1"],
  ['"a" + 1', "should be string, got number", "1"],
  ['-"a"', "expected number, got string", '"a"'],
  ["!1", "expected bool, got number", "1"],
  ['1 < "a"', "should be number, got string", '"a"'],
  ["1 && true", "should be bool, got number", "1"],
  ["5 / 0", "division by zero", "5 / 0"],
  ['"a"("b")', "expected function, got string", '"a"'],
  ["upper(5)", "upper: should be string", "5"],
])("%s has no value", (text, message, blamed) => {
  const failing = (): AlloyValue => {
    try {
      return value(text);
    } catch (error) {
      const { span, message } = error as EvaluationError;
      throw new Error(`${message} | ${`value = ${text}`.slice(span.start.offset, span.end.offset)}`, { cause: error });
    }
  };
  expect(failing).toThrow(new Error(`${message} | ${blamed}`));
});
