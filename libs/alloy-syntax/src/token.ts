import type { Span } from "./diagnostic.ts";

export type TokenKind =
  | "eof"
  | "terminator" // a line's end that ends a statement
  | "identifier"
  | "null"
  | "bool"
  | "number"
  | "float"
  | "string"
  | Punctuation;

export type Punctuation =
  | "+"
  | "-"
  | "*"
  | "/"
  | "%"
  | "^"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "&&"
  | "||"
  | "!"
  | "="
  | "."
  | ","
  | "("
  | ")"
  | "["
  | "]"
  | "{"
  | "}";

export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  readonly span: Span;
}

export interface Comment {
  /** As written, without the line's end. */
  readonly text: string;
  readonly span: Span;
}
