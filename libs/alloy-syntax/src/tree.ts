import type { Span } from "./diagnostic.ts";
import type { Comment, Punctuation } from "./token.ts";

/** A whole configuration file. */
export interface AlloyFile {
  readonly name: string;
  readonly source: string;
  readonly body: readonly Statement[];
  readonly comments: readonly Comment[];
}

export type Statement = Attribute | Block;

/** `name = value` */
export interface Attribute {
  readonly kind: "attribute";
  readonly name: string;
  readonly value: Expr;
  readonly span: Span;
  readonly nameSpan: Span;
}

/** `a.b "label" { … }` */
export interface Block {
  readonly kind: "block";
  /** `loki.process` */
  readonly name: string;
  readonly label: string | undefined;
  readonly labelSpan: Span | undefined;
  readonly body: readonly Statement[];
  readonly span: Span;
  readonly nameSpan: Span;
  readonly open: Span;
  readonly close: Span;
}

export type Expr =
  | { readonly kind: "literal"; readonly value: LiteralValue; readonly text: string; readonly span: Span }
  | { readonly kind: "identifier"; readonly name: string; readonly span: Span }
  | List
  | ObjectExpr
  | { readonly kind: "access"; readonly of: Expr; readonly name: string; readonly nameSpan: Span; readonly span: Span }
  | { readonly kind: "index"; readonly of: Expr; readonly index: Expr; readonly span: Span }
  | Call
  | { readonly kind: "unary"; readonly operator: "!" | "-"; readonly of: Expr; readonly span: Span }
  | Binary
  | { readonly kind: "paren"; readonly of: Expr; readonly span: Span };

/** int is bigint, float is number. */
export type LiteralValue = null | boolean | bigint | number | string;

export interface List {
  readonly kind: "list";
  readonly elements: readonly Expr[];
  readonly open: Span;
  readonly close: Span;
  readonly span: Span;
}

export interface ObjectExpr {
  readonly kind: "object";
  readonly fields: readonly Field[];
  readonly open: Span;
  readonly close: Span;
  readonly span: Span;
}

export interface Field {
  readonly name: string;
  /** As written, with its quotes. */
  readonly nameText: string;
  readonly value: Expr;
  readonly span: Span;
}

export interface Call {
  readonly kind: "call";
  readonly of: Expr;
  readonly args: readonly Expr[];
  readonly open: Span;
  readonly close: Span;
  readonly span: Span;
}

export interface Binary {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  readonly span: Span;
}

export type BinaryOperator = Exclude<Punctuation, "!" | "=" | "." | "," | "(" | ")" | "[" | "]" | "{" | "}">;

/** Calls `visit` for an expression and everything in it, outer before inner. */
export function walkExpr(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const inner of partsOf(expr)) walkExpr(inner, visit);
}

function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "literal":
    case "identifier":
      return [];
    case "list":
      return expr.elements;
    case "object":
      return expr.fields.map(({ value }) => value);
    case "access":
    case "unary":
    case "paren":
      return [expr.of];
    case "index":
      return [expr.of, expr.index];
    case "call":
      return [expr.of, ...expr.args];
    case "binary":
      return [expr.left, expr.right];
  }
}
