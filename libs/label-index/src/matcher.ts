import type { Labels, Matcher } from "@ratatosk/model";
import { labelValue } from "@ratatosk/model";
import { compileRegex } from "@ratatosk/regex";

/** Tells whether a label's value ("" where the label is missing) satisfies a matcher. */
export type ValueTest = (value: string) => boolean;

/** A matcher ready to use. Its expression is anchored and its `.` matches newline. */
export function valueTest({ op, value }: Matcher): ValueTest {
  switch (op) {
    case "=":
      return (text) => text === value;
    case "!=":
      return (text) => text !== value;
    case "=~":
    case "!~": {
      const regex = compileRegex(value, { anchored: true, dotAll: true });
      return op === "=~" ? (text) => regex.test(text) : (text) => !regex.test(text);
    }
  }
}

/** Tells whether a stream's labels satisfy all matchers. */
export function labelsTest(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const tests = matchers.map((matcher) => [matcher.name, valueTest(matcher)] as const);
  return (labels) => tests.every(([name, test]) => test(labelValue(labels, name) ?? ""));
}
