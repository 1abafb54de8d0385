import type { LineFilter, LineFilterOp, LineFilterOperand } from "@ratatosk/logql";
import { compileRegex, type Regex } from "@ratatosk/regex";
import { IpMatcher } from "./ip.ts";
import { patternMatcher } from "./pattern-match.ts";

/** Decides about one line: `bytes[start … end)`. */
export type LineTest = (bytes: Buffer, start: number, end: number) => boolean;

/** One operand of a line filter, without its sign. */
export interface LineMatch {
  readonly test: LineTest;
  /** Texts of which every matching line contains at least one; undefined where nothing is known. */
  readonly required: readonly Uint8Array[] | undefined;
  /** Containing a required text is also enough. */
  readonly exact: boolean;
}

const literal = /^[^\\.+*?()|[\]{}^$]*$/;

/** True for the operators that keep what does not match. */
export const isNegative = (op: LineFilterOp): boolean => op === "!=" || op === "!~" || op === "!>";

/** The tests of a filter's operands; a line passes where any holds (none, with a negative operator). */
export function lineMatches({ op, operands }: LineFilter): LineMatch[] {
  return operands.map((operand) => lineMatch(op, operand));
}

function lineMatch(op: LineFilterOp, { ip, value }: LineFilterOperand): LineMatch {
  if (ip) return ipMatch(value);
  switch (op) {
    case "|=":
    case "!=":
      return contains(value);
    case "|~":
    case "!~":
      return literal.test(value) ? contains(value) : regexMatch(compileRegex(value));
    case "|>":
    case "!>":
      return patternMatch(value);
  }
}

function contains(text: string): LineMatch {
  const needle = Buffer.from(text);
  const test: LineTest = (bytes, start, end) => bytes.subarray(start, end).indexOf(needle) !== -1;
  return { test, required: needle.length === 0 ? undefined : [needle], exact: needle.length > 0 };
}

function regexMatch(regex: Regex): LineMatch {
  const required = regex.required?.every((text) => text.length > 0) ? regex.required : undefined;
  return { test: (bytes, start, end) => regex.testBytes(bytes.subarray(start, end)), required, exact: false };
}

function patternMatch(pattern: string): LineMatch {
  const { test, literals } = patternMatcher(pattern);
  const longest = literals.toSorted((a, b) => b.length - a.length)[0];
  return { test, required: longest && [longest], exact: false };
}

function ipMatch(pattern: string): LineMatch {
  const matcher = IpMatcher.parse(pattern)!;
  return { test: (bytes, start, end) => matcher.matches(bytes, start, end), required: undefined, exact: false };
}

/** The whole filter as a test of one line. */
export function lineTest(filter: LineFilter): LineTest {
  const negative = isNegative(filter.op);
  const tests = lineMatches(filter).map(({ test }) => test);
  return (bytes, start, end) => tests.some((test) => test(bytes, start, end)) !== negative;
}
