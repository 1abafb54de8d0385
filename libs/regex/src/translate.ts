import { firstChars } from "./first-chars.ts";
import type { CharClass, ClassItem, Literal, Node, Ranges, Repeat } from "./syntax.ts";

/** The syntax that an expression is written in: JavaScript's (with flag `u`) or RE2's. */
type Dialect = "javascript" | "re2";

const maxPoint = 0x10ffff;

/**
 * A JavaScript source, for flag `u`, that matches exactly what the expression matches; undefined where JavaScript
 * cannot say the same: a negated set in any case, groups that JavaScript resets when their repetition goes on, and
 * repetitions of what may be empty, which JavaScript ends early.
 */
export function toJavaScript(root: Node): string | undefined {
  return expressible(root, false) ? write(root, "javascript") : undefined;
}

/** The expression in plain RE2 syntax without flags, every named group unnamed. */
export function toRe2(root: Node): string {
  return write(root, "re2");
}

function expressible(node: Node, repeated: boolean): boolean {
  switch (node.kind) {
    case "class":
      return !node.fold || node.items.every(({ kind }) => kind === "range");
    case "capture":
      return !repeated && expressible(node.body, repeated);
    case "repeat":
      if (node.max > node.min && firstChars(node.body).nullable) return false;
      return expressible(node.body, repeated || node.max > 1);
    case "concat":
    case "alternate":
      return node.items.every((item) => expressible(item, repeated));
    default:
      return true;
  }
}

function write(node: Node, to: Dialect): string {
  switch (node.kind) {
    case "empty":
      return "(?:)";
    case "literal":
      return literal(node, to);
    case "class":
      return charClass(node, to);
    case "any":
      return node.newline ? `[${point(0, to)}-${point(maxPoint, to)}]` : `[^${point(10, to)}]`;
    case "capture":
      return `(${write(node.body, to)})`;
    case "repeat":
      return repeat(node, to);
    case "concat":
      return node.items
        .map((item) => (item.kind === "alternate" ? `(?:${write(item, to)})` : write(item, to)))
        .join("");
    case "alternate":
      return node.items.map((item) => write(item, to)).join("|");
    default:
      return assertions[to][node.kind];
  }
}

type Assertion = Exclude<
  Node["kind"],
  "empty" | "literal" | "class" | "any" | "capture" | "repeat" | "concat" | "alternate"
>;

const assertions: Record<Dialect, Record<Assertion, string>> = {
  javascript: {
    "line-start": "(?<![^\\n])",
    "line-end": "(?![^\\n])",
    "text-start": "^",
    "text-end": "$",
    "word-boundary": "\\b",
    "no-word-boundary": "\\B",
  },
  re2: {
    "line-start": "(?m:^)",
    "line-end": "(?m:$)",
    "text-start": "\\A",
    "text-end": "\\z",
    "word-boundary": "\\b",
    "no-word-boundary": "\\B",
  },
};

function repeat({ min, max, greedy, body }: Repeat, to: Dialect): string {
  const inner = write(body, to);
  const atom = body.kind === "literal" || body.kind === "class" || body.kind === "any" ? inner : `(?:${inner})`;
  return atom + bounds(min, max) + (greedy ? "" : "?");
}

function bounds(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  return min === 0 && max === 1 ? "?" : `{${min},${max}}`;
}

function literal({ point: code, fold }: Literal, to: Dialect): string {
  const char = String.fromCodePoint(code);
  if (!fold || (code < 128 && !/[a-z]/i.test(char))) return point(code, to);
  if (to === "re2" || code >= 128) return `(?i:${point(code, to)})`;
  const other = /k/i.test(char) ? "\\u212a" : /s/i.test(char) ? "\\u017f" : "";
  return `[${char.toLowerCase()}${char.toUpperCase()}${other}]`;
}

function charClass({ negated, fold, items }: CharClass, to: Dialect): string {
  if (items.length === 0)
    return negated ? `[${point(0, to)}-${point(maxPoint, to)}]` : `[^${point(0, to)}-${point(maxPoint, to)}]`;
  const text = `[${negated ? "^" : ""}${items.map((item) => classItem(item, to)).join("")}]`;
  return fold ? `(?i:${text})` : text;
}

function classItem(item: ClassItem, to: Dialect): string {
  switch (item.kind) {
    case "range":
      return range(item.low, item.high, to);
    case "not":
      return to === "re2"
        ? item.source
        : outsideOf(item.ranges)
            .map(([low, high]) => range(low, high, to))
            .join("");
    case "property":
      return `\\${item.negated ? "P" : "p"}{${to === "re2" ? item.name.replace("Script=", "") : item.name}}`;
  }
}

function range(low: number, high: number, to: Dialect): string {
  return low === high ? point(low, to) : `${point(low, to)}-${point(high, to)}`;
}

function outsideOf(ranges: Ranges): [low: number, high: number][] {
  const outside: [number, number][] = [];
  let next = 0;
  for (const [low, high] of [...ranges].sort(([a], [b]) => a - b)) {
    if (low > next) outside.push([next, low - 1]);
    next = high + 1;
  }
  return [...outside, [next, maxPoint]];
}

function point(code: number, to: Dialect): string {
  const char = String.fromCodePoint(code);
  if (/[A-Za-z0-9_ ]/.test(char)) return char;
  return to === "re2" ? `\\x{${code.toString(16)}}` : `\\u{${code.toString(16)}}`;
}
