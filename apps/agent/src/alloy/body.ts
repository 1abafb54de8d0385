import {
  type AlloyValue,
  type Attribute,
  type Block,
  type Expr,
  equalValues,
  evaluate,
  type Scope,
  type Span,
  type Statement,
} from "@ratatosk/alloy-syntax";

/** A body whose expressions have been evaluated. */
export interface Body {
  readonly attributes: ReadonlyMap<string, BodyAttribute>;
  readonly blocks: readonly BodyBlock[];
}

export interface BodyAttribute {
  readonly value: AlloyValue;
  readonly source: Attribute;
}

export interface BodyBlock {
  readonly name: string;
  readonly label: string | undefined;
  readonly body: Body;
  readonly source: Block;
}

/** A wrong place in a configuration. */
export class PlaceError extends Error {
  override readonly name = "PlaceError";
  readonly span: Span;

  constructor(span: Span, message: string) {
    super(message);
    this.span = span;
  }
}

/** Evaluates what statements say. Throws an EvaluationError, or a PlaceError for an attribute that is given twice. */
export function evaluateBody(statements: readonly Statement[], scope: Scope): Body {
  const attributes = new Map<string, BodyAttribute>();
  const blocks: BodyBlock[] = [];
  for (const source of statements) {
    if (source.kind === "block") {
      const { name, label, body } = source;
      blocks.push({ name, label, body: evaluateBody(body, scope), source });
    } else {
      if (attributes.has(source.name))
        throw new PlaceError(source.nameSpan, `attribute ${JSON.stringify(source.name)} may only be provided once`);
      attributes.set(source.name, { value: evaluate(source.value, scope), source });
    }
  }
  return { attributes, blocks };
}

/** True if both say the same. */
export function equalBodies(a: Body, b: Body): boolean {
  if (a.attributes.size !== b.attributes.size || a.blocks.length !== b.blocks.length) return false;
  for (const [name, { value }] of a.attributes) {
    const other = b.attributes.get(name);
    if (other === undefined || !equalValues(value, other.value)) return false;
  }
  return a.blocks.every((block, at) => {
    const other = b.blocks[at]!;
    return block.name === other.name && block.label === other.label && equalBodies(block.body, other.body);
  });
}

/** The part of an expression that made the part of its value at `path`. */
export function partAt(expr: Expr, [key, ...rest]: readonly (string | number)[]): Expr {
  if (key === undefined) return expr;
  if (expr.kind === "paren") return partAt(expr.of, [key, ...rest]);
  const inner =
    expr.kind === "list"
      ? expr.elements[Number(key)]
      : expr.kind === "object"
        ? expr.fields.find(({ name }) => name === key)?.value
        : undefined;
  return inner === undefined ? expr : partAt(inner, rest);
}
