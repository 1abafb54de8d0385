import type { Matcher } from "@ratatosk/model";
import { compileRegex } from "@ratatosk/regex";

/** The test of a matcher's operator and value. In `drop`, `keep` and selectors `.` matches newline, in filters it does not. */
export function valueTest({ op, value }: Matcher, dotAll: boolean): (text: string) => boolean {
  switch (op) {
    case "=":
      return (text) => text === value;
    case "!=":
      return (text) => text !== value;
    case "=~": {
      const regex = compileRegex(value, { anchored: true, dotAll });
      return (text) => regex.test(text);
    }
    case "!~": {
      const regex = compileRegex(value, { anchored: true, dotAll });
      return (text) => !regex.test(text);
    }
  }
}

/** Whether a value passes a matcher of a selector; a missing label has the value "". */
export const matcherTest = (matcher: Matcher): ((value: string) => boolean) => valueTest(matcher, true);
