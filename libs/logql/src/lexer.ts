import { parseByteSize } from "./byte-size.ts";
import { parseGoDuration } from "./go-duration.ts";
import { ConversionError } from "./go-float.ts";
import { scanNumber } from "./number-literal.ts";
import { parseErrorAt } from "./parse-error.ts";
import { parseRangeDuration } from "./range-duration.ts";
import { scanQuoted, scanRaw } from "./string-literal.ts";
import { functionKinds, longOperators, parserFlags, reservedWords, shortOperators, type Token } from "./token.ts";

const blank = /(?:[ \t\r\n]+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)+/y;
const word = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const startsNumber = /\d|\.\d/y;
const durationTail = /[\p{N}.nuµμmshdwy]+/uy;
const byteTail = /[\p{N}.BikKMGTP]+/uy;
const flag = /--([a-z-]+)/iy;
const opensCall = /[ \t\r\n]*(?:\(|(?:by|without)[ \t\r\n]*\()/iy;

/** Cuts a query into tokens, on demand. Throws bad_request with the place of what cannot be read. */
export class Lexer {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith("\uFEFF") ? 1 : 0;
  }

  /** The next token; after the last one `$end`, again and again. */
  next(): Token {
    this.#at += matchAt(blank, this.#text, this.#at).length;
    const at = this.#at;
    const char = this.#text[at];
    if (char === undefined) return this.#token("$end", at);
    if (this.#text.startsWith("/*", at)) throw this.#error("comment not terminated", at);
    if (char === '"' || char === "`") return this.#string(char);
    if (char === "'") return this.#char();
    if (char === "[") return this.#range();
    if (char === "-") return this.#flag() ?? this.#duration(at, at + 1) ?? this.#operator(char);
    if (matchAt(startsNumber, this.#text, at) !== "") return this.#number();
    const name = matchAt(word, this.#text, at);
    return name === "" ? this.#operator(char) : this.#word(name);
  }

  /** An error at a token: columns count code points, line 0 marks tokens read with look-ahead. */
  errorAt(token: Token, message: string): Error {
    return this.#error(message, token.at, token.lookAhead);
  }

  #token(kind: string, end: number, more: Partial<Token> = {}): Token {
    const at = this.#at;
    this.#at = end;
    const text = this.#text.slice(at, end);
    return { kind, text, string: text, number: 0, at, lookAhead: false, ...more };
  }

  #string(quote: string): Token {
    const { end, value, error } = (quote === "`" ? scanRaw : scanQuoted)(this.#text, this.#at);
    if (error !== undefined) throw this.#error(error, this.#at);
    return this.#token("STRING", end, { string: value });
  }

  /** A single character in `'` reads as an identifier, which no rule accepts there. */
  #char(): Token {
    const { end, value, error } = scanQuoted(this.#text, this.#at);
    const count = Array.from(value).length;
    if (error !== undefined || count !== 1) throw this.#error(error ?? "invalid char literal", this.#at);
    return this.#token("IDENTIFIER", end);
  }

  #range(): Token {
    const end = this.#text.indexOf("]", this.#at);
    if (end < 0) throw this.#error("missing closing ']' in duration", this.#at, true);
    try {
      const number = parseRangeDuration(this.#text.slice(this.#at + 1, end));
      return this.#token("RANGE", end + 1, { number, lookAhead: true });
    } catch (error) {
      if (error instanceof ConversionError) throw this.#error(error.message, this.#at, true);
      throw error;
    }
  }

  #flag(): Token | undefined {
    flag.lastIndex = this.#at;
    const name = flag.exec(this.#text)?.[1]?.toLowerCase();
    if (name === undefined || !parserFlags.has(name)) return undefined;
    return this.#token("FUNCTION_FLAG", flag.lastIndex, { string: name, lookAhead: true });
  }

  #number(): Token {
    const { end, error } = scanNumber(this.#text, this.#at);
    if (error !== undefined) throw this.#error(error, this.#at);
    return this.#duration(this.#at, end) ?? this.#bytes(this.#at, end) ?? this.#token("NUMBER", end);
  }

  #duration(start: number, end: number): Token | undefined {
    const tail = matchAt(durationTail, this.#text, end);
    if (!/\p{L}/u.test(tail)) return undefined;
    const text = this.#text.slice(start, end + tail.length);
    const number = tryConvert(parseRangeDuration, text) ?? tryConvert(parseGoDuration, text);
    return number === undefined ? undefined : this.#token("DURATION", end + tail.length, { number, lookAhead: true });
  }

  #bytes(start: number, end: number): Token | undefined {
    const tail = matchAt(byteTail, this.#text, end);
    if (tail === "") return undefined;
    const number = tryConvert(parseByteSize, this.#text.slice(start, end + tail.length));
    return number === undefined ? undefined : this.#token("BYTES", end + tail.length, { number, lookAhead: true });
  }

  #word(name: string): Token {
    const end = this.#at + name.length;
    const lower = name.toLowerCase();
    if (reservedWords.has(lower)) return this.#token(lower, end, { string: lower });
    const kind = functionKinds.get(lower);
    if (kind === undefined || matchAt(opensCall, this.#text, end) === "") return this.#token("IDENTIFIER", end);
    return this.#token(kind, end, { string: lower });
  }

  #operator(char: string): Token {
    const long = this.#text.slice(this.#at, this.#at + 2);
    if (longOperators.has(long)) return this.#token(long, this.#at + 2, { lookAhead: true });
    if (char === "\0") throw this.#error("invalid character NUL", this.#at);
    const width = String.fromCodePoint(this.#text.codePointAt(this.#at)!).length;
    return this.#token(shortOperators.has(char) ? char : "IDENTIFIER", this.#at + width);
  }

  #error(message: string, at: number, lookAhead = false): Error {
    if (this.#text === "") return parseErrorAt(0, 0, message);
    const before = this.#text.slice(0, at);
    const lineStart = before.lastIndexOf("\n") + 1;
    const line = lookAhead ? 0 : before.split("\n").length;
    return parseErrorAt(line, Array.from(before.slice(lineStart)).length + 1, message);
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function tryConvert(convert: (text: string) => number, text: string): number | undefined {
  try {
    return convert(text);
  } catch {
    return undefined;
  }
}
