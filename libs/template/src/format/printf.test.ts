import { expect, test } from "vitest";
import type { Value } from "../value.ts";
import { formatFloat } from "./float.ts";
import { sprintf } from "./printf.ts";

test.each<[string, Value[], string]>([
  ["%s|%5s|%-5s|%q", ["a", "a", "a", "a"], 'a|    a|a    |"a"'],
  ["%03d %x %.2f %v", [12n, 12n, 12, "12"], "012 c 12.00 12"],
  ["%d%%", [5n], "5%"],
  ["%+d % d %#x %o %b %c %U %X", [5n, 5n, 255n, 8n, 5n, 97n, 97n, 255n], "+5  5 0xff 10 101 a U+0061 FF"],
  ["%6.2f|%-8.1f|%08.3f|%+.1e", [3.14159, 2.5, -3.14159, 12345.678], "  3.14|2.5     |-003.142|+1.2e+04"],
  ["%g %G %e %f", [1e21, 1e-7, 1.5, 1.5], "1e+21 1E-07 1.500000e+00 1.500000"],
  ["%.0f %.0f %.0f %.1f", [0.5, 1.5, 2.5, 0.25], "0 2 2 0.2"],
  ["%.3g %.10g %g", [1234.5678, 1234.5678, 100000], "1.23e+03 1234.5678 100000"],
  ["%t %v", [true, false], "true false"],
  ["%x %X % x", ["hi", "hi", "hi"], "6869 6869 68 69"],
  ["%*d|%-*d|", [4n, 5n, 4n, 5n], "   5|5   |"],
  ["%[2]s %[1]s", ["a", "b"], "b a"],
  ["%.2s|%5.1s|", ["héllo", "abc"], "hé|    a|"],
  ["%v %v", [["a", 1n], new Map<string, Value>([["k", 1.5]])], "[a 1] map[k:1.5]"],
  ["%s", [undefined], "%!s(<nil>)"],
  ["%v", [undefined], "<nil>"],
  ["%d", ["x"], "%!d(string=x)"],
  ["%s", [5n], "%!s(int=5)"],
  ["%d", [1.5], "%!d(float64=1.5)"],
  ["%d %d", [1n], "1 %!d(MISSING)"],
  ["%d", [1n, "x", undefined], "1%!(EXTRA string=x, <nil>)"],
  ["%", [], "%!(NOVERB)"],
  ["%z", [1n], "%!z(int=1)"],
  ["%T %T %T", [1n, "a", 1.5], "int string float64"],
  ["%5t|%q|%#q", [true, 'a"b', "ab"], ' true|"a\\"b"|`ab`'],
  ["%5d|%-5d|%05d", [-42n, -42n, -42n], "  -42|-42  |-0042"],
])("%s", (format, values, expected) => {
  expect(sprintf(format, values)).toBe(expected);
});

test.each([
  [0, "0"],
  [-0, "-0"],
  [190, "190"],
  [123456, "123456"],
  [0.003, "0.003"],
  [1e6, "1e+06"],
  [1234567, "1.234567e+06"],
  [0.0001, "0.0001"],
  [0.00001, "1e-05"],
  [1e21, "1e+21"],
  [1e100, "1e+100"],
  [0.1 + 0.2, "0.30000000000000004"],
  [Number.NaN, "NaN"],
  [-Infinity, "-Inf"],
  [99999.5, "99999.5"],
])("%d prints as %s", (value, expected) => {
  expect(formatFloat(value)).toBe(expected);
});
