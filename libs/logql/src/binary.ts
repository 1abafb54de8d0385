import type { BinaryExpr, BinaryOp, Expr, Matching, MetricExpr, SetOp } from "./ast.ts";
import { formatFixedFloat } from "./go-float.ts";

interface Parts {
  readonly returnBool: boolean;
  readonly matching: Matching | undefined;
  readonly left: Expr;
  readonly right: Expr;
}

/** The node of a binary operation, or the literal it folds to. Legs of a wrong kind become a fault of the node. */
export function binaryExpr(faults: Map<object, string>, op: BinaryOp, parts: Parts): MetricExpr {
  const { returnBool, matching, left, right } = parts;
  const fault = legFault(op, left, right);
  const folds = fault === undefined && !faults.has(left) && !faults.has(right);
  if (folds && left.kind === "literal" && right.kind === "literal")
    return { kind: "literal", value: applyBinary(op, left.value, right.value) };
  const node: BinaryExpr = {
    kind: "binary",
    op,
    returnBool,
    ...(matching && { matching }),
    left: left as MetricExpr,
    right: right as MetricExpr,
  };
  if (fault !== undefined) faults.set(node, fault);
  return node;
}

function legFault(op: BinaryOp, left: Expr, right: Expr): string | undefined {
  for (const [side, leg] of [["left", left] as const, ["right", right] as const])
    if (leg.kind === "log") return `unexpected type for ${side} leg of binary operation (${op}): ${goType(leg)}`;
  if (!isSetOp(op)) return undefined;
  for (const [side, leg] of [["left", left] as const, ["right", right] as const])
    if (leg.kind === "literal")
      return `unexpected literal for ${side} leg of logical/set binary operation (${op}): ${formatFixedFloat(leg.value)}`;
  return undefined;
}

function goType(leg: Expr & { kind: "log" }): string {
  return leg.stages.length === 0 ? "*syntax.MatchersExpr" : "*syntax.PipelineExpr";
}

/** True for `and`, `or` and `unless`, which match series instead of computing. */
export function isSetOp(op: BinaryOp): op is SetOp {
  return op === "and" || op === "or" || op === "unless";
}

/** An arithmetic operation or comparison (1 or 0) of two numbers. Division by zero and its remainder are NaN. */
export function applyBinary(op: BinaryOp, left: number, right: number): number {
  switch (op) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? NaN : left / right;
    case "%":
      return right === 0 ? NaN : left % right;
    case "^":
      return power(left, right);
    case "==":
      return Number(left === right);
    case "!=":
      return Number(left !== right);
    case ">":
      return Number(left > right);
    case ">=":
      return Number(left >= right);
    case "<":
      return Number(left < right);
    case "<=":
      return Number(left <= right);
    case "and":
    case "or":
    case "unless":
      throw new TypeError(`${op} does not compute a number`);
  }
}

/** IEEE pow: 1 to any power and ±1 to an infinite one are 1, where JavaScript says NaN. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1;
  return base ** exponent;
}
