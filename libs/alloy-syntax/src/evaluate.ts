import type { Span } from "./diagnostic.ts";
import { arithmetic, compare } from "./operators.ts";
import { printExpr } from "./print.ts";
import type { Binary, Call, Expr } from "./tree.ts";
import { AlloyFunction, ArgumentError, type AlloyValue, equalValues, isList, isObject, typeName } from "./value.ts";

/** What identifiers stand for. */
export type Scope = (name: string) => AlloyValue | undefined;

/** An expression that has no value, and the part that is to blame. */
export class EvaluationError extends Error {
  override readonly name = "EvaluationError";
  readonly span: Span;

  constructor(span: Span, message: string) {
    super(message);
    this.span = span;
  }
}

/** The value of an expression. Throws an EvaluationError. */
export function evaluate(expr: Expr, scope: Scope): AlloyValue {
  switch (expr.kind) {
    case "literal":
      return expr.value;
    case "identifier":
      return scope(expr.name) ?? nullOrFail(scope, expr);
    case "list":
      return expr.elements.map((element) => evaluate(element, scope));
    case "object":
      return new Map(expr.fields.map(({ name, value }) => [name, evaluate(value, scope)]));
    case "access":
      return access(expr, scope);
    case "index":
      return index(expr, scope);
    case "call":
      return call(expr, scope);
    case "unary":
      return unary(expr, scope);
    case "binary":
      return binary(expr, scope);
    case "paren":
      return evaluate(expr.of, scope);
  }
}

function nullOrFail(scope: Scope, { name, span }: Extract<Expr, { kind: "identifier" }>): null {
  if (scope(name) === null) return null;
  throw new EvaluationError(span, `identifier ${JSON.stringify(name)} does not exist`);
}

function access({ of, name, nameSpan }: Extract<Expr, { kind: "access" }>, scope: Scope): AlloyValue {
  const value = evaluate(of, scope);
  if (!isObject(value))
    throw new EvaluationError(
      of.span,
      `cannot access field ${JSON.stringify(name)} on value of type ${typeName(value)}`,
    );
  const field = value.get(name);
  if (field === undefined) throw new EvaluationError(nameSpan, `field ${JSON.stringify(name)} does not exist`);
  return field;
}

function index(expr: Extract<Expr, { kind: "index" }>, scope: Scope): AlloyValue {
  const value = evaluate(expr.of, scope);
  const key = evaluate(expr.index, scope);
  if (isObject(value)) {
    if (typeof key === "string") return value.get(key) ?? null;
    throw new EvaluationError(expr.index.span, `expected string, got ${typeName(key)}`);
  }
  if (!isList(value)) throw new EvaluationError(expr.of.span, `expected object or array, got ${typeName(value)}`);
  if (typeof key !== "bigint") throw new EvaluationError(expr.index.span, `expected number, got ${typeName(key)}`);
  if (key < 0n || key >= value.length)
    throw new EvaluationError(expr.index.span, `index ${key} is out of range of array with length ${value.length}`);
  return value[Number(key)]!;
}

function call(expr: Call, scope: Scope): AlloyValue {
  const target = evaluate(expr.of, scope);
  if (!(target instanceof AlloyFunction))
    throw new EvaluationError(expr.of.span, `expected function, got ${typeName(target)}`);
  const args = expr.args.map((arg) => evaluate(arg, scope));
  try {
    return target.call(args);
  } catch (error) {
    const span = error instanceof ArgumentError ? (expr.args[error.index]?.span ?? expr.span) : expr.span;
    throw new EvaluationError(span, `${printExpr(expr.of)}: ${(error as Error).message}`);
  }
}

function unary(expr: Extract<Expr, { kind: "unary" }>, scope: Scope): AlloyValue {
  const value = evaluate(expr.of, scope);
  if (expr.operator === "!") {
    if (typeof value === "boolean") return !value;
    throw new EvaluationError(expr.of.span, `expected bool, got ${typeName(value)}`);
  }
  if (typeof value === "bigint") return BigInt.asIntN(64, -value);
  if (typeof value === "number") return -value;
  throw new EvaluationError(expr.of.span, `expected number, got ${typeName(value)}`);
}

function binary({ operator, left, right, span }: Binary, scope: Scope): AlloyValue {
  const a = evaluate(left, scope);
  const b = evaluate(right, scope);
  const blame = (value: "left" | "right", expected: string): never => {
    const [expr, got] = value === "left" ? [left, a] : [right, b];
    throw new EvaluationError(expr.span, `should be ${expected}, got ${typeName(got)}`);
  };
  switch (operator) {
    case "&&":
    case "||":
      if (typeof a !== "boolean") return blame("left", "bool");
      if (typeof b !== "boolean") return blame("right", "bool");
      return operator === "&&" ? a && b : a || b;
    case "==":
      return equalValues(a, b);
    case "!=":
      return !equalValues(a, b);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(operator, a, b, blame);
    default:
      try {
        return arithmetic(operator, a, b, blame);
      } catch (error) {
        if (error instanceof RangeError) throw new EvaluationError(span, error.message);
        throw error;
      }
  }
}
