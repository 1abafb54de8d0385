import { checkRegex, RegexError } from "@ratatosk/regex";
import type {
  BinaryOp,
  Expr,
  Grouping,
  LabelReplace,
  LiteralExpr,
  Matching,
  MetricExpr,
  RangeAggregation,
  RangeOp,
  VectorAggregation,
  VectorOp,
} from "./ast.ts";
import { checkRange, checkVectorAggregation } from "./aggregation-rules.ts";
import { binaryExpr } from "./binary.ts";
import { floatOf } from "./go-float.ts";
import { parseError } from "./parse-error.ts";
import { notAFloat } from "./parse-label-filter.ts";
import { logExpr, logRange } from "./parse-log.ts";
import type { Token } from "./token.ts";
import type { TokenStream } from "./token-stream.ts";

/** How tightly each operator binds. */
const powers = new Map<string, number>(
  ["or", "and unless", "== != > >= < <=", "+ -", "* / %", "^"].flatMap((level, i) =>
    level.split(" ").map((op): [string, number] => [op, i + 1]),
  ),
);
const vectorOps = new Set("sum avg min max count stddev stdvar topk bottomk approx_topk sort sort_desc".split(" "));
const rangeOp = /^(?:rate|rate_counter|bytes_rate|\w+_over_time)$/;

/** Any expression whose operators bind tighter than `loosest`; `^` groups to the right, all others to the left. */
export function expr(tokens: TokenStream, loosest = 0): Expr {
  return tokens.nested(() => {
    let left = operand(tokens);
    for (;;) {
      const op = tokens.peek().kind;
      const power = powers.get(op);
      if (power === undefined || power <= loosest) return left;
      tokens.deepen();
      tokens.take();
      const returnBool = tokens.accept("bool") !== undefined;
      const matching = matchingClause(tokens);
      const right = expr(tokens, op === "^" ? power - 1 : power);
      left = binaryExpr(tokens.faults, op as BinaryOp, { returnBool, matching, left, right });
    }
  });
}

function operand(tokens: TokenStream): Expr {
  const token = tokens.peek();
  switch (token.kind) {
    case "{":
      return logExpr(tokens);
    case "(":
      return parenthesised(tokens);
    case "+":
    case "-":
      tokens.take();
      return literal(tokens, token.kind === "-" ? -1 : 1);
    case "NUMBER":
      return literal(tokens, 1);
    default:
      return call(tokens, token);
  }
}

function parenthesised(tokens: TokenStream): Expr {
  tokens.take();
  const inner = expr(tokens);
  if (!tokens.accept(")")) throw tokens.unexpected();
  return inner;
}

function literal(tokens: TokenStream, sign: number): LiteralExpr {
  const { text } = tokens.expect("NUMBER");
  const value = floatOf(text);
  const literal: LiteralExpr = { kind: "literal", value: sign * (value ?? 0) };
  if (value === undefined) tokens.faults.set(literal, notAFloat(text));
  return literal;
}

function call(tokens: TokenStream, { kind, string: name }: Token): MetricExpr {
  if (kind === "VECTOR") return vector(tokens);
  if (kind === "label_replace") return labelReplace(tokens);
  const isFunction = kind === name.toUpperCase() && kind !== name;
  if (isFunction && rangeOp.test(name)) return rangeAggregation(tokens);
  if (isFunction && vectorOps.has(name)) return vectorAggregation(tokens);
  throw tokens.unexpected();
}

function vector(tokens: TokenStream): MetricExpr {
  tokens.take();
  tokens.expect("(");
  const { text } = tokens.expect("NUMBER");
  const value = floatOf(text);
  if (value === undefined) throw parseError(notAFloat(text));
  tokens.expect(")");
  return { kind: "vector", value };
}

function rangeAggregation(tokens: TokenStream): RangeAggregation {
  const op = tokens.take().string as RangeOp;
  tokens.expect("(");
  if (!["NUMBER", "{", "("].includes(tokens.peek().kind)) throw tokens.unexpected(["NUMBER", "{", "("]);
  const param = tokens.accept("NUMBER")?.text;
  if (param !== undefined) tokens.expect(",");
  if (!tokens.is("{") && !tokens.is("(")) throw tokens.unexpected(["{", "("]);
  const range = logRange(tokens);
  tokens.expect(")");
  const grouping = groupingClause(tokens);
  const value = param === undefined ? {} : { param: floatOf(param) ?? 0 };
  const node: RangeAggregation = { kind: "range-aggregation", op, ...value, ...range, ...(grouping && { grouping }) };
  const fault = checkRange(node, param);
  if (fault !== undefined) tokens.faults.set(node, fault);
  return node;
}

function vectorAggregation(tokens: TokenStream): VectorAggregation {
  const op = tokens.take().string as VectorOp;
  const before = groupingClause(tokens);
  if (before) tokens.expect("(");
  else if (!tokens.accept("(")) throw tokens.unexpected(["(", "by", "without"]);
  const { param, inner } = parameterAndOperand(tokens);
  if (inner.kind === "log" || !tokens.accept(")")) throw tokens.unexpected();
  const grouping = before ?? groupingClause(tokens);
  const value = param === undefined ? {} : { param: floatOf(param) ?? 0 };
  const node: VectorAggregation = {
    kind: "vector-aggregation",
    op,
    ...value,
    ...(grouping && { grouping }),
    expr: inner,
  };
  const fault = checkVectorAggregation(node, param);
  if (fault !== undefined) tokens.faults.set(node, fault);
  return node;
}

/** `3, expr` or `expr`: a number is the parameter only if a comma follows it. */
function parameterAndOperand(tokens: TokenStream): { param: string | undefined; inner: Expr } {
  const first = tokens.peek();
  const inner = expr(tokens);
  const alone = first.kind === "NUMBER" && tokens.previous === first;
  if (!alone || !tokens.accept(",")) return { param: undefined, inner };
  return { param: first.text, inner: expr(tokens) };
}

function labelReplace(tokens: TokenStream): LabelReplace {
  tokens.take();
  tokens.expect("(");
  const inner = expr(tokens);
  if (inner.kind === "log" || !tokens.is(",")) throw tokens.unexpected();
  const [target = "", replacement = "", source = "", regex = ""] = [1, 2, 3, 4].map(() => {
    tokens.expect(",");
    return tokens.expect("STRING").string;
  });
  tokens.expect(")");
  const node: LabelReplace = { kind: "label-replace", expr: inner, target, replacement, source, regex };
  const fault = regexFault(`^(?:${regex})$`);
  if (fault !== undefined) tokens.faults.set(node, `invalid regex in label_replace: ${fault}`);
  return node;
}

function regexFault(pattern: string): string | undefined {
  try {
    checkRegex(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error.message;
    throw error;
  }
}

function groupingClause(tokens: TokenStream): Grouping | undefined {
  if (!tokens.is("by") && !tokens.is("without")) return undefined;
  const without = tokens.take().kind === "without";
  return { without, labels: labelList(tokens) };
}

/** `(a, b)` or `()`. */
function labelList(tokens: TokenStream): string[] {
  tokens.expect("(");
  if (tokens.accept(")")) return [];
  const labels = [tokens.expect("IDENTIFIER", ")").text];
  while (tokens.expect(",", ")").kind === ",") labels.push(tokens.expect("IDENTIFIER").text);
  return labels;
}

function matchingClause(tokens: TokenStream): Matching | undefined {
  if (!tokens.is("on") && !tokens.is("ignoring")) return undefined;
  const kind = tokens.take().kind as "on" | "ignoring";
  const labels = labelList(tokens);
  if (!tokens.is("group_left") && !tokens.is("group_right")) return { kind, labels, include: [] };
  const group = tokens.take().kind === "group_left" ? "left" : "right";
  return { kind, labels, group, include: tokens.is("(") ? labelList(tokens) : [] };
}
