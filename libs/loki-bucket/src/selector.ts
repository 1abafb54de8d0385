import { type Labels, labelValue, type Matcher } from "@ratatosk/model";
import { compileRegex } from "@ratatosk/regex";

/** Whether labels satisfy all matchers; a missing label counts as the empty value. */
export function compileSelector(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const tests = matchers.map(({ name, op, value }) => ({ name, test: compileMatcher(op, value) }));
  return (labels) => tests.every(({ name, test }) => test(labelValue(labels, name) ?? ""));
}

function compileMatcher(op: Matcher["op"], value: string): (text: string) => boolean {
  if (op === "=") return (text) => text === value;
  if (op === "!=") return (text) => text !== value;
  const regex = compileRegex(value, { anchored: true, dotAll: true });
  return op === "=~" ? (text) => regex.test(text) : (text) => !regex.test(text);
}
