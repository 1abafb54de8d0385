import { Lexer } from "./lexer.ts";
import type { Token, TokenKind } from "./token.ts";

/** Deeper nesting is refused, so that no query overflows the stack of whoever walks its tree. */
const maxDepth = 1000;
const maxStages = 1000;
const maxExpected = 4;

/** The tokens of a query with one of look-ahead, read only when asked for, and the errors of its grammar. */
export class TokenStream {
  /** What is wrong with trees whose syntax is right: told once the whole text has been read. */
  readonly faults = new Map<object, string>();
  readonly #lexer: Lexer;
  #next: Token | undefined;
  #previous: Token | undefined;
  #depth = 0;
  #stages = 0;

  constructor(text: string) {
    this.#lexer = new Lexer(text);
  }

  /** The token that comes next. */
  peek(): Token {
    return (this.#next ??= this.#lexer.next());
  }

  is(kind: TokenKind): boolean {
    return this.peek().kind === kind;
  }

  /** Takes the next token, whatever it is. */
  take(): Token {
    const token = this.peek();
    this.#next = undefined;
    this.#previous = token;
    return token;
  }

  /** The token taken last. */
  get previous(): Token | undefined {
    return this.#previous;
  }

  /** Takes the next token if it is of this kind. */
  accept(kind: TokenKind): Token | undefined {
    return this.is(kind) ? this.take() : undefined;
  }

  /** Takes a token of one of the kinds, or fails naming them; name them in the order of the grammar's tokens. */
  expect(...kinds: TokenKind[]): Token {
    if (!kinds.includes(this.peek().kind)) throw this.unexpected(kinds);
    return this.take();
  }

  /** The syntax error at the next token. More than four alternatives are not listed. */
  unexpected(expected: readonly TokenKind[] = []): Error {
    const token = this.peek();
    const listed = expected.length > 0 && expected.length <= maxExpected;
    const tail = listed ? `, expecting ${expected.join(" or ")}` : "";
    return this.#lexer.errorAt(token, `syntax error: unexpected ${token.kind}${tail}`);
  }

  /** Runs a rule that makes the tree deeper; `deepen` inside of it counts further levels until the rule ends. */
  nested<T>(rule: () => T): T {
    const depth = this.#depth;
    this.deepen();
    const result = rule();
    this.#depth = depth;
    return result;
  }

  /** Counts a stage of the query: each costs memory where lines are read. */
  stage(): void {
    if (++this.#stages > maxStages) throw this.#lexer.errorAt(this.peek(), `more than ${maxStages} stages`);
  }

  deepen(): void {
    this.#depth++;
    if (this.#depth > maxDepth) throw this.#lexer.errorAt(this.peek(), "expression nests too deeply");
  }
}
