import type { Expr } from "./tree.ts";

/** An expression on one line. */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case "literal":
      return expr.text;
    case "identifier":
      return expr.name;
    case "list":
      return `[${expr.elements.map(printExpr).join(", ")}]`;
    case "object":
      return `{${expr.fields.map(({ nameText, value }) => `${nameText} = ${printExpr(value)}`).join(", ")}}`;
    case "access":
      return `${printExpr(expr.of)}.${expr.name}`;
    case "index":
      return `${printExpr(expr.of)}[${printExpr(expr.index)}]`;
    case "call":
      return `${printExpr(expr.of)}(${expr.args.map(printExpr).join(", ")})`;
    case "unary":
      return expr.operator + printExpr(expr.of);
    case "binary":
      return `${printExpr(expr.left)} ${expr.operator} ${printExpr(expr.right)}`;
    case "paren":
      return `(${printExpr(expr.of)})`;
  }
}
