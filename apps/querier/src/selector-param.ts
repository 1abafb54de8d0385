import { parse } from "@ratatosk/logql";
import { type Matcher, RatatoskError } from "@ratatosk/model";

/** The matchers of a parameter that takes a selector and no pipeline. */
export function selectorOf(text: string): readonly Matcher[] {
  const expr = parse(text);
  if (expr.kind !== "log" || expr.stages.length > 0)
    throw new RatatoskError("bad_request", "only label matchers are supported");
  return expr.matchers;
}

/** Like `selectorOf`; `{}` is every stream. */
export function anySelectorOf(text: string): readonly Matcher[] {
  return /^\s*\{\s*\}\s*$/.test(text) ? [] : selectorOf(text);
}
