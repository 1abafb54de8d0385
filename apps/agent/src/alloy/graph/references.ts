import { type Block, type Expr, type Span, type Statement, walkExpr } from "@ratatosk/alloy-syntax";

/** A chain of names in an expression: `loki.write.main.receiver`. */
export interface Reference {
  readonly names: readonly string[];
  readonly span: Span;
}

/** All chains of names in a block, outermost blocks first. */
export function referencesOf({ body }: Block): Reference[] {
  return body.flatMap(ofStatement);
}

function ofStatement(statement: Statement): Reference[] {
  return statement.kind === "block" ? referencesOf(statement) : ofExpression(statement.value);
}

function ofExpression(expr: Expr): Reference[] {
  const found: Reference[] = [];
  const inside = new Set<Expr>();
  walkExpr(expr, (part) => {
    if (inside.has(part)) {
      if (part.kind === "access") inside.add(part.of);
      return;
    }
    const names = chain(part);
    if (names === undefined) return;
    found.push({ names, span: part.span });
    if (part.kind === "access") inside.add(part.of);
  });
  return found;
}

function chain(expr: Expr): string[] | undefined {
  if (expr.kind === "identifier") return [expr.name];
  if (expr.kind !== "access") return undefined;
  const before = chain(expr.of);
  return before && [...before, expr.name];
}

/** The longest id among `ids` that a chain begins with. */
export function targetOf({ names }: Reference, has: (id: string) => boolean): string | undefined {
  for (let length = names.length; length > 0; length--) {
    const id = names.slice(0, length).join(".");
    if (has(id)) return id;
  }
  return undefined;
}
