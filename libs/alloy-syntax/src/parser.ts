import { AlloyError, type Span } from "./diagnostic.ts";
import { type Problem, tokenize } from "./lexer.ts";
import { integerLiteral, unquote } from "./literal.ts";
import type { Token, TokenKind } from "./token.ts";
import type { AlloyFile, BinaryOperator, Block, Expr, Field, Statement } from "./tree.ts";

/** How deep blocks and expressions may nest. */
const maxNesting = 500;

/** Parses a configuration. Throws an AlloyError with everything that is wrong. */
export function parseAlloy(source: string, name: string): AlloyFile {
  const { tokens, comments, problems } = tokenize(source);
  const parser = new Parser(tokens);
  const body = parser.file();
  const all = [...problems, ...parser.problems].sort((a, b) => a.span.start.offset - b.span.start.offset);
  if (all.length > 0) throw new AlloyError(distinctLines(all).map((problem) => ({ ...problem, file: name, source })));
  return { name, source, body, comments };
}

/** Parses one expression alone. Throws an AlloyError. */
export function parseExpression(source: string): Expr {
  const { body } = parseAlloy(`value = ${source}`, "-");
  const [statement] = body;
  if (body.length !== 1 || statement?.kind !== "attribute")
    throw new AlloyError([{ message: "expected an expression" }]);
  return statement.value;
}

/** What follows an error on its line is seldom another one. */
function distinctLines(problems: readonly Problem[]): Problem[] {
  const lines = new Set<number>();
  return problems.filter(({ span }) => !lines.has(span.start.line) && lines.add(span.start.line));
}

/** Ends a statement whose problem is noted. */
class Broken extends Error {}

const levels: readonly (readonly BinaryOperator[])[] = [
  ["||"],
  ["&&"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

class Parser {
  readonly problems: Problem[] = [];
  readonly #tokens: readonly Token[];
  #at = 0;
  #nesting = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  file(): Statement[] {
    const body = this.#body();
    while (this.#peek().kind !== "eof") {
      this.#note(this.#peek().span, `expected block label, got ${shown(this.#peek())}`);
      this.#next();
      body.push(...this.#body());
    }
    return body;
  }

  #body(): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      while (this.#peek().kind === "terminator") this.#next();
      const { kind } = this.#peek();
      if (kind === "eof" || kind === "}") return statements;
      try {
        statements.push(this.#statement());
        this.#endOfStatement();
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        this.#recover();
      }
    }
  }

  #endOfStatement(): void {
    const token = this.#peek();
    if (token.kind === "terminator") this.#next();
    else if (token.kind !== "}" && token.kind !== "eof")
      this.#fail(token.span, `expected TERMINATOR, got ${shown(token)}`);
  }

  /** Goes to the end of the line, over nested brackets. */
  #recover(): void {
    for (let depth = 0; ; this.#next()) {
      const { kind } = this.#peek();
      if (kind === "eof") return;
      if (kind === "{") depth++;
      if (kind === "}" && --depth < 0) return;
      if (kind === "terminator" && depth <= 0) return;
    }
  }

  #statement(): Statement {
    const first = this.#expect("identifier");
    if (this.#peek().kind === "=") return this.#attribute(first);
    return this.#block(first);
  }

  #attribute(name: Token): Statement {
    this.#next();
    const value = this.#expression();
    const span = { start: name.span.start, end: value.span.end };
    return { kind: "attribute", name: name.text, value, span, nameSpan: name.span };
  }

  #block(first: Token): Block {
    let name = first.text;
    let last = first;
    while (this.#peek().kind === ".") {
      this.#next();
      last = this.#expect("identifier");
      name += `.${last.text}`;
    }
    const nameSpan = { start: first.span.start, end: last.span.end };
    const label = this.#peek().kind === "string" ? this.#label() : undefined;
    const open = this.#expect("{").span;
    if (++this.#nesting > maxNesting) this.#fail(open, "blocks nest too deeply");
    const body = this.#body();
    this.#nesting--;
    const close = this.#expect("}").span;
    const span = { start: first.span.start, end: close.end };
    return { kind: "block", name, label: label?.text, labelSpan: label?.span, body, span, nameSpan, open, close };
  }

  /** A label is an identifier in quotes; an empty one is none. */
  #label(): { text: string; span: Span } | undefined {
    const { text, span } = this.#next();
    const label = text.slice(1, -1);
    if (text.startsWith("`") || (label !== "" && !/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(label)))
      this.#note(span, `expected block label to be a valid identifier, but got ${JSON.stringify(label)}`);
    return label === "" ? undefined : { text: label, span };
  }

  #expression(level = 0): Expr {
    if (level === levels.length) return this.#power();
    let left = this.#expression(level + 1);
    for (;;) {
      const operator = levels[level]!.find((sign) => sign === this.#peek().kind);
      if (operator === undefined) return left;
      this.#next();
      const right = this.#expression(level + 1);
      left = { kind: "binary", operator, left, right, span: between(left, right) };
    }
  }

  #power(): Expr {
    const left = this.#unary();
    if (this.#peek().kind !== "^") return left;
    this.#next();
    const right = this.#power();
    return { kind: "binary", operator: "^", left, right, span: between(left, right) };
  }

  #unary(): Expr {
    const { kind, span } = this.#peek();
    if (kind !== "!" && kind !== "-") return this.#postfix();
    this.#next();
    this.#deeper(span);
    const of = this.#unary();
    this.#nesting--;
    return { kind: "unary", operator: kind, of, span: { start: span.start, end: of.span.end } };
  }

  #postfix(): Expr {
    let expr = this.#primary();
    for (;;) {
      switch (this.#peek().kind) {
        case ".": {
          this.#next();
          const { text, span } = this.#expect("identifier");
          expr = {
            kind: "access",
            of: expr,
            name: text,
            nameSpan: span,
            span: { start: expr.span.start, end: span.end },
          };
          break;
        }
        case "[": {
          this.#next();
          const index = this.#expression();
          const { end } = this.#expect("]").span;
          expr = { kind: "index", of: expr, index, span: { start: expr.span.start, end } };
          break;
        }
        case "(": {
          const { items, open, close } = this.#items("(", ")", () => this.#expression());
          expr = { kind: "call", of: expr, args: items, open, close, span: { start: expr.span.start, end: close.end } };
          break;
        }
        default:
          return expr;
      }
    }
  }

  #primary(): Expr {
    const { kind, text, span } = this.#peek();
    switch (kind) {
      case "number":
        return this.#literal(integerLiteral(text));
      case "float":
        return this.#literal(Number(text));
      case "string":
        return this.#literal(unquote(text));
      case "bool":
        return this.#literal(text === "true");
      case "null":
        return this.#literal(null);
      case "identifier":
        this.#next();
        return { kind: "identifier", name: text, span };
      case "(":
        return this.#parenthesized();
      case "[": {
        const { items, open, close } = this.#items("[", "]", () => this.#expression());
        return { kind: "list", elements: items, open, close, span: { start: open.start, end: close.end } };
      }
      case "{": {
        const { items, open, close } = this.#items("{", "}", () => this.#field());
        return { kind: "object", fields: items, open, close, span: { start: open.start, end: close.end } };
      }
      default:
        return this.#fail(span, `expected expression, got ${shown(this.#peek())}`);
    }
  }

  #literal(value: null | boolean | bigint | number | string): Expr {
    const { text, span } = this.#next();
    return { kind: "literal", value, text, span };
  }

  #parenthesized(): Expr {
    const { start } = this.#next().span;
    this.#deeper({ start, end: start });
    const of = this.#expression();
    this.#nesting--;
    return { kind: "paren", of, span: { start, end: this.#expect(")").span.end } };
  }

  /** `open item, item, close`; the last comma may be missing only where the closing sign follows on the same line. */
  #items<T>(open: "(" | "[" | "{", close: TokenKind, item: () => T): { items: T[]; open: Span; close: Span } {
    const opened = this.#expect(open).span;
    this.#deeper(opened);
    const items: T[] = [];
    while (this.#peek().kind !== close) {
      items.push(item());
      const token = this.#peek();
      if (token.kind === ",") this.#next();
      else if (token.kind !== close)
        this.#fail(token.span, `missing ',' in ${open === "{" ? "object" : "expression list"}, got ${shown(token)}`);
    }
    this.#nesting--;
    return { items, open: opened, close: this.#next().span };
  }

  #field(): Field {
    const token = this.#next();
    if (token.kind !== "identifier" && token.kind !== "string")
      this.#fail(token.span, `expected field name (string or identifier), got ${shown(token)}`);
    this.#expect("=");
    const value = this.#expression();
    const name = token.kind === "string" ? unquote(token.text) : token.text;
    return { name, nameText: token.text, value, span: { start: token.span.start, end: value.span.end } };
  }

  #deeper(span: Span): void {
    if (++this.#nesting > maxNesting) this.#fail(span, "expressions nest too deeply");
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #next(): Token {
    const token = this.#tokens[this.#at]!;
    if (this.#at < this.#tokens.length - 1) this.#at++;
    return token;
  }

  #expect(kind: TokenKind): Token {
    const token = this.#peek();
    if (token.kind !== kind)
      this.#fail(token.span, `expected ${kind === "identifier" ? "identifier" : kind}, got ${shown(token)}`);
    return this.#next();
  }

  #note(span: Span, message: string): void {
    this.problems.push({ span, message });
  }

  #fail(span: Span, message: string): never {
    this.#note(span, message);
    throw new Broken();
  }
}

const between = (left: Expr, right: Expr): Span => ({ start: left.span.start, end: right.span.end });

const shown = ({ kind, text }: Token): string =>
  kind === "eof" ? "EOF" : kind === "terminator" ? "TERMINATOR" : text.length > 40 ? `${text.slice(0, 40)}…` : text;
