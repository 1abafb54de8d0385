import { keywords, type Token, type TokenKind } from "./token.ts";

const spaces = /[ \t\r\n]+/y;
const word = /[\p{L}\p{Nd}_]*/uy;
const quoted = /"(?:[^"\\\n]|\\[^\n])*"/y;
const rawQuoted = /`[^`]*`/y;
const runeLiteral = /'(?:[^'\\\n]|\\[^\n])*'/y;
const number =
  /[+-]?(?:0[xX][\da-fA-F_]*|0[bB][01_]*|0[oO][0-7_]*|[\d_]*)(?:\.[\da-fA-F_]*)?(?:[eE][+-]?[\d_]+|[pP][+-]?[\d_]+)?/y;
const commentStart = /(?:- [ \t\r\n]*|-[\t\r\n][ \t\r\n]*)?\/\*/y;
const trimmedRightDelim = /[ \t\r\n]-\}\}/y;

/** The tokens of a template. What cannot be read ends the list with an `error` token that holds the message. */
export function tokenize(text: string): Token[] {
  return new Lexer(text).run();
}

class Lexer {
  readonly #text: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): Token[] {
    let trimNext = false;
    for (;;) {
      const open = this.#text.indexOf("{{", this.#at);
      this.#copy(open === -1 ? this.#text.length : open, trimNext, open !== -1 && this.#trims(open));
      if (open === -1) return this.#emit("eof", 0);
      const closed = this.#action();
      if (closed === undefined) return this.#tokens;
      trimNext = closed.trims;
    }
  }

  /** Plain text up to `end`, without the white space that trim markers on its sides remove. */
  #copy(end: number, trimStart: boolean, trimEnd: boolean): void {
    const raw = this.#text.slice(this.#at, end);
    const lead = trimStart ? raw.length - raw.replace(/^[ \t\r\n]+/, "").length : 0;
    const kept = trimEnd ? raw.slice(lead).replace(/[ \t\r\n]+$/, "") : raw.slice(lead);
    this.#skip(lead);
    if (kept !== "") this.#emit("text", kept.length);
    this.#skip(end - this.#at);
  }

  #trims(open: number): boolean {
    return this.#text[open + 2] === "-" && isSpace(this.#text[open + 3]);
  }

  /** One `{{ … }}`; undefined after an error. */
  #action(): { trims: boolean } | undefined {
    commentStart.lastIndex = this.#at + 2;
    if (commentStart.test(this.#text)) return this.#comment();
    const trims = this.#trims(this.#at);
    this.#emit("leftDelim", 2);
    if (trims) this.#skip(2);
    this.#depth = 0;
    for (;;) {
      const closed = this.#rightDelim();
      if (closed === undefined) {
        if (!this.#token()) return undefined;
        continue;
      }
      if (this.#depth > 0) return this.#fail("unclosed left paren");
      this.#skip(closed.trims ? 2 : 0);
      this.#emit("rightDelim", 2);
      return closed;
    }
  }

  #comment(): { trims: boolean } | undefined {
    const end = this.#text.indexOf("*/", this.#at);
    if (end === -1) return this.#fail("unclosed comment");
    this.#skip(end + 2 - this.#at);
    const closed = this.#rightDelim();
    if (closed === undefined) return this.#fail("comment ends before closing delimiter");
    this.#skip(closed.trims ? 4 : 2);
    return closed;
  }

  #rightDelim(): { trims: boolean } | undefined {
    trimmedRightDelim.lastIndex = this.#at;
    if (trimmedRightDelim.test(this.#text)) return { trims: true };
    return this.#text.startsWith("}}", this.#at) ? { trims: false } : undefined;
  }

  /** One token inside an action; false after an error. */
  #token(): boolean {
    const char = this.#text[this.#at];
    const next = this.#text[this.#at + 1];
    switch (char) {
      case undefined:
        return this.#stop("unclosed action");
      case " ":
      case "\t":
      case "\r":
      case "\n":
        return this.#whitespace();
      case "=":
        return this.#push("assign", 1);
      case ":":
        return next === "=" ? this.#push("declare", 2) : this.#stop("expected :=");
      case "|":
        return this.#push("pipe", 1);
      case '"':
        return this.#literal(quoted, "string", "unterminated quoted string");
      case "`":
        return this.#literal(rawQuoted, "string", "unterminated raw quoted string");
      case "'":
        return this.#literal(runeLiteral, "rune", "unterminated character constant");
      case "$":
        return this.#name("variable");
      case "(":
        this.#depth++;
        return this.#push("leftParen", 1);
      case ")":
        return --this.#depth < 0 ? this.#stop("unexpected right paren") : this.#push("rightParen", 1);
      default:
        return this.#other(char, next);
    }
  }

  #other(char: string, next: string | undefined): boolean {
    if (char === "." && !isDigit(next)) return this.#name("field");
    if (char === "." || char === "+" || char === "-" || isDigit(char)) return this.#number();
    if (this.#wordLength(this.#at) > 0) return this.#identifier();
    if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char)) return this.#push("char", 1);
    return this.#stop(`unrecognized character in action: ${describe(this.#text, this.#at)}`);
  }

  /** White space, but not the blank that belongs to a trim marker before the right delimiter. */
  #whitespace(): boolean {
    spaces.lastIndex = this.#at;
    const length = spaces.exec(this.#text)![0].length;
    trimmedRightDelim.lastIndex = this.#at + length - 1;
    const marker = trimmedRightDelim.test(this.#text);
    return length === 1 && marker ? true : this.#push("space", marker ? length - 1 : length);
  }

  #literal(pattern: RegExp, kind: TokenKind, failure: string): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    return found === null ? this.#stop(failure) : this.#push(kind, found[0].length);
  }

  #name(kind: "field" | "variable"): boolean {
    const length = this.#wordLength(this.#at + 1);
    if (!this.#endsAt(this.#at + 1 + length)) return this.#stop(this.#badCharacter(this.#at + 1 + length));
    return this.#push(length === 0 && kind === "field" ? "dot" : kind, 1 + length);
  }

  #identifier(): boolean {
    const length = this.#wordLength(this.#at);
    if (!this.#endsAt(this.#at + length)) return this.#stop(this.#badCharacter(this.#at + length));
    const text = this.#text.slice(this.#at, this.#at + length);
    if (keywords.has(text)) return this.#push(text as TokenKind, length);
    return this.#push(text === "true" || text === "false" ? "bool" : text === "nil" ? "nil" : "identifier", length);
  }

  #number(): boolean {
    number.lastIndex = this.#at;
    const length = number.exec(this.#text)![0].length;
    const more = this.#wordLength(this.#at + length);
    const text = this.#text.slice(this.#at, this.#at + length + more);
    return more > 0 || !/\d/.test(text)
      ? this.#stop(`bad number syntax: ${JSON.stringify(text)}`)
      : this.#push("number", length);
  }

  #wordLength(at: number): number {
    word.lastIndex = at;
    return word.exec(this.#text)?.[0].length ?? 0;
  }

  #endsAt(at: number): boolean {
    const char = this.#text[at];
    return char === undefined || isSpace(char) || ".,|:()".includes(char) || this.#text.startsWith("}}", at);
  }

  #badCharacter(at: number): string {
    return `bad character ${describe(this.#text, at)}`;
  }

  #push(kind: TokenKind, length: number): true {
    this.#emit(kind, length);
    return true;
  }

  #stop(message: string): false {
    this.#fail(message);
    return false;
  }

  #fail(message: string): undefined {
    this.#tokens.push({ kind: "error", text: message, at: this.#at, line: this.#line });
  }

  #emit(kind: TokenKind, length: number): Token[] {
    const text = this.#text.slice(this.#at, this.#at + length);
    this.#tokens.push({ kind, text, at: this.#at, line: this.#line });
    this.#skip(length);
    return this.#tokens;
  }

  #skip(length: number): void {
    const end = this.#at + length;
    for (let at = this.#at; at < end; at++) if (this.#text.charCodeAt(at) === 10) this.#line++;
    this.#at = end;
  }
}

const isSpace = (char: string | undefined): boolean => char === " " || char === "\t" || char === "\r" || char === "\n";
const isDigit = (char: string | undefined): boolean => char !== undefined && char >= "0" && char <= "9";

/** A character as Go's %#U: `U+0023 '#'`. */
function describe(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0xfffd;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")} '${String.fromCodePoint(code)}'`;
}
