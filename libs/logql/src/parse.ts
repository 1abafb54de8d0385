import { RatatoskError } from "@ratatosk/model";
import type { Expr } from "./ast.ts";

/**
 * Reads a query. Throws bad_request with Loki's text: `parse error at line 1, col 9: syntax error: …`.
 * Everything that can be known without the template engine is checked, also each stage (`parse error : stage '…' : …`).
 */
export function parse(text: string): Expr {
  throw new RatatoskError("not_implemented", `cannot parse yet: ${text}`);
}
