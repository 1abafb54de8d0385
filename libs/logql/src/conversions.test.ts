import { expect, test } from "vitest";
import { formatByteSize, parseByteSize } from "./byte-size.ts";
import { formatGoDuration, parseGoDuration } from "./go-duration.ts";
import { formatDecimal, formatGoFloat, parseGoFloat } from "./go-float.ts";
import { parseAddress, parseIpPattern } from "./ip-pattern.ts";
import { parseJsonPath, parseLogfmtKey } from "./json-path.ts";
import { parsePattern } from "./pattern.ts";
import { formatRangeDuration, parseRangeDuration } from "./range-duration.ts";

function outcome<T>(convert: (text: string) => T, text: string): T | string {
  try {
    return convert(text);
  } catch (error) {
    return (error as Error).message;
  }
}

test.each([
  ["1.5", 1.5],
  ["5.", 5],
  [".5", 0.5],
  ["-1e3", -1000],
  ["0x1p3", 8],
  ["0x1.8p1", 3],
  ["1_000", 1000],
  ["+Inf", Infinity],
  ["-infinity", -Infinity],
  ["nAn", NaN],
  ["1e-400", 0],
  ["", 'strconv.ParseFloat: parsing "": invalid syntax'],
  [" 1", 'strconv.ParseFloat: parsing " 1": invalid syntax'],
  ["0x10", 'strconv.ParseFloat: parsing "0x10": invalid syntax'],
  ["1__0", 'strconv.ParseFloat: parsing "1__0": invalid syntax'],
  ["1e400", 'strconv.ParseFloat: parsing "1e400": value out of range'],
])("the number %s", (text, value) => {
  expect(outcome(parseGoFloat, text)).toEqual(value);
});

test.each([
  ["1h30m", 5400e9],
  ["1.5h", 5400e9],
  [".5s", 0.5e9],
  ["500ms1s", 1.5e9],
  ["-30m", -1800e9],
  ["2µs", 2000],
  ["0", 0],
  ["90", 'time: missing unit in duration "90"'],
  ["1d", 'time: unknown unit "d" in duration "1d"'],
  ["oops", 'time: invalid duration "oops"'],
  ["", 'time: invalid duration ""'],
  [".s", 'time: invalid duration ".s"'],
  ["300000000h", 'time: invalid duration "300000000h"'],
])("the Go duration %s", (text, nanos) => {
  expect(outcome(parseGoDuration, text)).toEqual(nanos);
});

test.each([
  ["5m", 300e9],
  ["1h30m", 5400e9],
  ["1w2d", 777_600e9],
  ["500ms", 0.5e9],
  ["0", 0],
  ["", "empty duration string"],
  ["5", 'not a valid duration string: "5"'],
  ["1m1h", 'not a valid duration string: "1m1h"'],
  ["5x", 'unknown unit "x" in duration "5x"'],
  ["1.5h", 'unknown unit "." in duration "1.5h"'],
  ["300y", "duration out of range"],
])("the range %s", (text, nanos) => {
  expect(outcome(parseRangeDuration, text)).toEqual(nanos);
});

test.each([
  ["1KB", 1000],
  ["2Kb", 2000],
  ["1.5MiB", 1_572_864],
  ["1.5B", 1],
  ["1,024", 1024],
  ["3 kB", 3000],
  ["1e", 1e18],
  ["5qb", "unhandled size name: qb"],
  ["-1", 'strconv.ParseFloat: parsing "": invalid syntax'],
  ["18446744073709551616", "too large: 18446744073709551616"],
])("the size %s", (text, bytes) => {
  expect(outcome(parseByteSize, text)).toEqual(bytes);
});

test.each<[string, string]>([
  [formatGoDuration(5400e9), "1h30m0s"],
  [formatGoDuration(1.5e9), "1.5s"],
  [formatGoDuration(-100e3), "-100µs"],
  [formatGoDuration(0), "0s"],
  [formatRangeDuration(5400e9), "1h30m"],
  [formatRangeDuration(86_400e9), "1d"],
  [formatRangeDuration(90_000e9), "25h"],
  [formatByteSize(1_500_000), "1.5MB"],
  [formatByteSize(1_500_001), "1500001B"],
  [formatGoFloat(100), "100"],
  [formatGoFloat(1e6), "1e+06"],
  [formatGoFloat(123_456), "123456"],
  [formatGoFloat(0.0001), "0.0001"],
  [formatGoFloat(0.00001), "1e-05"],
  [formatDecimal(1e21), "1000000000000000000000"],
  [formatDecimal(-1.5e-7), "-0.00000015"],
  [formatDecimal(12.5), "12.5"],
])("%s is printed as %s", (printed, text) => {
  expect(printed).toBe(text);
});

test.each([
  ["10.0.0.0/8", { family: 4, low: 0x0a000000n, high: 0x0affffffn }],
  ["10.0.0.1-10.0.0.9", { family: 4, low: 0x0a000001n, high: 0x0a000009n }],
  ["::1", { family: 6, low: 1n, high: 1n }],
  ["300.1.1.1", 'ip: invalid pattern: "300.1.1.1"'],
  ["10.0.0.9-10.0.0.1", 'ip: invalid pattern: "10.0.0.9-10.0.0.1"'],
  ["10.0.0.1-::1", 'ip: invalid pattern: "10.0.0.1-::1"'],
  ["10.0.0.0/33", 'ip: invalid pattern: "10.0.0.0/33"'],
])("the addresses of %s", (text, range) => {
  expect(outcome(parseIpPattern, text)).toEqual(range);
});

test("an address may hold an IPv4 tail", () => {
  expect(parseAddress("::ffff:1.2.3.4")).toEqual({ family: 6, value: 0xffff01020304n });
});

test.each([
  ["user.name", ["user", "name"]],
  ['request["User-Agent"]', ["request", "User-Agent"]],
  ["tags[1].x", ["tags", 1, "x"]],
  ["[0]", [0]],
  ["", "cannot parse expression []: syntax error: unexpected $end, expecting LSB or FIELD"],
  ["a.", "cannot parse expression [a.]: syntax error: unexpected $end, expecting FIELD"],
  ["a[1", "cannot parse expression [a[1]: syntax error: unexpected $end, expecting RSB"],
  ["a-b", "cannot parse expression [a-b]: unexpected char -"],
])("the JSON path %s", (text, path) => {
  expect(outcome(parseJsonPath, text)).toEqual(path);
});

test("a key of logfmt is a name or quoted", () => {
  expect([parseLogfmtKey("a"), parseLogfmtKey('"a.b"')]).toEqual(["a", "a.b"]);
});

test("a pattern is cut into literals and captures; what is no name is literal", () => {
  expect(parsePattern("<ip> <1a> <_>")).toEqual([{ capture: "ip" }, { literal: " <1a> " }, { capture: "_" }]);
});
