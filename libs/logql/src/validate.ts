import type { Matcher } from "@ratatosk/model";
import { matchesEmpty } from "@ratatosk/regex";
import type { Expr, MetricExpr } from "./ast.ts";
import { parseError } from "./parse-error.ts";

const selectsTooMuch =
  "queries require at least one regexp or equality matcher that does not have an empty-compatible value. " +
  'For instance, app=~".*" does not meet this requirement, but app=~".+" will';

/** Throws the first fault of a tree, from the root down and left before right. */
export function validate(expr: Expr, faults: ReadonlyMap<object, string>): void {
  const fault = faults.get(expr);
  if (fault !== undefined) throw parseError(fault);
  switch (expr.kind) {
    case "log":
      return checkSelector(expr.matchers);
    case "range-aggregation":
      return checkSelector(expr.log.matchers);
    case "vector-aggregation":
      return validateOperand(expr.expr, faults);
    case "label-replace":
      return validate(expr.expr, faults);
    case "binary":
      validate(expr.left, faults);
      return validate(expr.right, faults);
    case "literal":
    case "vector":
      return undefined;
  }
}

/** A scalar has no selector, so an aggregation of one is refused like an aggregation of everything. */
function validateOperand(expr: MetricExpr, faults: ReadonlyMap<object, string>): void {
  validate(expr, faults);
  if (expr.kind === "literal") throw parseError(selectsTooMuch);
}

/** Throws unless a matcher refuses the empty value: without one a selector would read every stream. */
function checkSelector(matchers: readonly Matcher[]): void {
  if (!matchers.some(refusesEmpty)) throw parseError(selectsTooMuch);
}

function refusesEmpty({ op, value }: Matcher): boolean {
  switch (op) {
    case "=":
      return value !== "";
    case "=~":
      return !matchesEmpty(value);
    case "!=":
      return value === "";
    case "!~":
      return matchesEmpty(value);
  }
}
