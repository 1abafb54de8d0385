import type { Expr } from "./ast.ts";
import { print } from "./print.ts";

/** The text of a query as `format_query` answers it: broken into indented lines where one would be too long. */
export function prettyPrint(expr: Expr): string {
  return print(expr);
}
