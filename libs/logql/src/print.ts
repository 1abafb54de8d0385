import { RatatoskError } from "@ratatosk/model";
import type { Expr, Stage } from "./ast.ts";

/** The canonical text of a query on one line: `parse(print(expr))` equals `expr`. */
export function print(expr: Expr): string {
  throw new RatatoskError("not_implemented", `cannot print yet: ${expr.kind}`);
}

/** The canonical text of one stage, as errors quote it: `|~ "("`, `| json a="b["`. */
export function printStage(stage: Stage): string {
  throw new RatatoskError("not_implemented", `cannot print yet: ${stage.kind}`);
}
