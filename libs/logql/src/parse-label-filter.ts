import type { CompareOp, LabelFilter } from "./ast.ts";
import { floatOf } from "./go-float.ts";
import { parseError } from "./parse-error.ts";
import { matcher } from "./parse-selector.ts";
import type { TokenStream } from "./token-stream.ts";

const starts = ["IDENTIFIER", "("];
const binding: Record<string, number> = { or: 1, and: 2 };

/**
 * `level="error" and took > 1s or …`: `and` binds tighter than `or`. A comma or nothing at all between two filters is
 * `and` as well, but takes everything that follows as its right side.
 */
export function labelFilter(tokens: TokenStream, loosest = 0): LabelFilter {
  return tokens.nested(() => {
    let left = primary(tokens);
    for (;;) {
      const { kind } = tokens.peek();
      tokens.deepen();
      if (kind === "," || starts.includes(kind)) {
        tokens.accept(",");
        return { kind: "and", left, right: labelFilter(tokens) };
      }
      const power = binding[kind];
      if (power === undefined || power <= loosest) return left;
      tokens.take();
      left = { kind: kind as "and" | "or", left, right: labelFilter(tokens, power) };
    }
  });
}

function primary(tokens: TokenStream): LabelFilter {
  if (tokens.accept("(")) {
    const inner = labelFilter(tokens);
    if (!tokens.accept(")")) throw tokens.unexpected();
    return inner;
  }
  if (!tokens.is("IDENTIFIER")) throw tokens.unexpected(starts);
  return comparison(tokens, tokens.take().text);
}

const comparisons = new Set(["=", "==", "!=", ">", ">=", "<", "<="]);

/** What follows a label name: a string or address where the operator is `=`, `!=`, `=~` or `!~`, else a number. */
export function comparison(tokens: TokenStream, name: string): LabelFilter {
  const op = tokens.peek().kind;
  if (op === "=~" || op === "!~") {
    tokens.take();
    return { kind: "string", matcher: matcher(tokens, name, op) };
  }
  if (!comparisons.has(op)) throw tokens.unexpected();
  tokens.take();
  const equality = op === "=" || op === "!=";
  if (equality && tokens.is("STRING")) return { kind: "string", matcher: matcher(tokens, name, op) };
  if (equality && tokens.is("ip")) return { kind: "ip", name, op, pattern: ipPattern(tokens) };
  return typedComparison(tokens, name, op === "=" ? "==" : (op as CompareOp));
}

function typedComparison(tokens: TokenStream, name: string, op: CompareOp): LabelFilter {
  const token = tokens.peek();
  switch (token.kind) {
    case "DURATION":
      return { kind: "duration", name, op, value: tokens.take().number };
    case "BYTES":
      return { kind: "bytes", name, op, value: tokens.take().number };
    case "NUMBER":
      return { kind: "number", name, op, value: number(tokens) };
    case "+":
    case "-":
      tokens.take();
      return { kind: "number", name, op, value: (token.kind === "-" ? -1 : 1) * number(tokens) };
    default:
      throw tokens.unexpected();
  }
}

function number(tokens: TokenStream): number {
  const { text } = tokens.expect("NUMBER");
  const value = floatOf(text);
  if (value === undefined) throw parseError(notAFloat(text));
  return value;
}

/** Numbers that are read as such but are no floats: `0x10`, `0b1`. */
export function notAFloat(text: string): string {
  return `unable to parse literal as a float: strconv.ParseFloat: parsing "${text}": invalid syntax`;
}

/** `ip("10.0.0.0/8")`, from the word `ip` on. */
export function ipPattern(tokens: TokenStream): string {
  tokens.expect("ip");
  tokens.expect("(");
  const pattern = tokens.expect("STRING").string;
  tokens.expect(")");
  return pattern;
}
