import type { Position, Span } from "./diagnostic.ts";
import type { Comment, Punctuation, Token, TokenKind } from "./token.ts";

const identifier = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const blank = /[ \t\r\n]+/y;
const lineComment = /\/\/[^\n]*/y;
const blockComment = /\/\*[^]*?\*\//y;
const stringText = /"(?:[^"\\\n]|\\[^\n])*"/y;
const rawString = /`[^`]*`/y;
const goodEscape = /^\\(?:[abfnrtv\\"]|[0-7]{3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})/;
const punctuation: readonly Punctuation[] = [
  "==",
  "!=",
  "<=",
  ">=",
  "&&",
  "||",
  ..."+-*/%^<>!=.,()[]{}".split("").map((char) => char as Punctuation),
];
/** A line's end ends a statement behind these. */
const endsStatement: ReadonlySet<TokenKind> = new Set([
  "identifier",
  "null",
  "bool",
  "number",
  "float",
  "string",
  ")",
  "]",
  "}",
]);

export interface Problem {
  readonly message: string;
  readonly span: Span;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  readonly problems: readonly Problem[];
}

/** The tokens of an Alloy configuration; what is no token is reported and left out. */
export function tokenize(source: string): Tokens {
  return new Lexer(source).run();
}

class Lexer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  readonly #comments: Comment[] = [];
  readonly #problems: Problem[] = [];
  #offset = 0;
  #line = 1;
  #column = 1;

  constructor(source: string) {
    this.#source = source;
  }

  run(): Tokens {
    if (this.#source.startsWith("\ufeff")) this.#offset = 1;
    while (this.#offset < this.#source.length) this.#step();
    this.#terminate();
    this.#push("eof", 0);
    return { tokens: this.#tokens, comments: this.#comments, problems: this.#problems };
  }

  #step(): void {
    const space = this.#match(blank);
    if (space !== undefined) return this.#whitespace(space);
    const comment = this.#match(lineComment) ?? this.#match(blockComment);
    if (comment !== undefined) return this.#comment(comment);
    const char = this.#source[this.#offset]!;
    if (char === '"') return this.#string();
    if (char === "`") return this.#rawString();
    const digits = this.#match(number);
    if (digits !== undefined) return this.#number(digits);
    const name = this.#match(identifier);
    if (name !== undefined) return this.#name(name);
    const sign = punctuation.find((text) => this.#source.startsWith(text, this.#offset));
    if (sign !== undefined) this.#push(sign, sign.length);
    else this.#illegal();
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    return pattern.exec(this.#source)?.[0];
  }

  #whitespace(text: string): void {
    const end = text.indexOf("\n");
    if (end >= 0) {
      this.#advance(end);
      this.#terminate();
      this.#advance(text.length - end);
    } else this.#advance(text.length);
  }

  /** A comment over several lines ends a statement as a line's end does. */
  #comment(text: string): void {
    if (text.includes("\n")) this.#terminate();
    const start = this.#position();
    this.#advance(text.length);
    this.#comments.push({ text: text.replace(/\r$/, ""), span: { start, end: this.#position() } });
  }

  #terminate(): void {
    const last = this.#tokens.at(-1);
    if (last !== undefined && endsStatement.has(last.kind)) this.#push("terminator", 0);
  }

  #name(text: string): void {
    if (text === "true" || text === "false") this.#push("bool", text.length);
    else this.#push(text === "null" ? "null" : "identifier", text.length);
  }

  /** Digits that begin with 0 are octal; where they cannot be, they are a float. */
  #number(text: string): void {
    const whole = /^\d+$/.test(text) && !(/^0\d/.test(text) && /[89]/.test(text));
    this.#push(whole ? "number" : "float", text.length);
  }

  #string(): void {
    const text = this.#match(stringText);
    if (text === undefined) {
      this.#report("string literal not terminated", 1);
      this.#advance(this.#match(/[^\n]*/y)!.length);
      return;
    }
    for (const { index } of text.slice(0, -1).matchAll(/\\./gsu)) {
      if (goodEscape.test(text.slice(index))) continue;
      const at = this.#ahead(text.slice(0, index + 1));
      this.#problems.push({ message: "unknown escape sequence", span: { start: at, end: at } });
    }
    this.#push("string", text.length);
  }

  #rawString(): void {
    const text = this.#match(rawString);
    if (text !== undefined) return this.#push("string", text.length);
    this.#report("raw string literal not terminated", 1);
    this.#advance(this.#source.length - this.#offset);
  }

  #illegal(): void {
    const char = String.fromCodePoint(this.#source.codePointAt(this.#offset)!);
    const name = `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
    this.#report(char === "\0" ? "illegal character NUL" : `illegal character ${name} '${char}'`, char.length);
    this.#advance(char.length);
  }

  #report(message: string, length: number): void {
    const start = this.#position();
    const end = { ...start, offset: start.offset + length, column: start.column + 1 };
    this.#problems.push({ message, span: { start, end } });
  }

  #push(kind: TokenKind, length: number): void {
    const start = this.#position();
    const text = this.#source.slice(this.#offset, this.#offset + length);
    this.#advance(length);
    this.#tokens.push({ kind, text, span: { start, end: this.#position() } });
  }

  #position(): Position {
    return { offset: this.#offset, line: this.#line, column: this.#column };
  }

  #ahead(text: string): Position {
    return { offset: this.#offset + text.length, line: this.#line, column: this.#column + text.length };
  }

  #advance(length: number): void {
    const text = this.#source.slice(this.#offset, this.#offset + length);
    const lastBreak = text.lastIndexOf("\n");
    if (lastBreak >= 0) {
      this.#line += text.split("\n").length - 1;
      this.#column = 1;
    }
    this.#column += Array.from(text.slice(lastBreak + 1)).length;
    this.#offset += length;
  }
}
