export type TokenKind =
  | "error"
  | "eof"
  | "text"
  | "leftDelim"
  | "rightDelim"
  | "leftParen"
  | "rightParen"
  | "space"
  | "pipe"
  | "assign" // =
  | "declare" // :=
  | "char" // other punctuation, such as a comma
  | "rune" // 'a'
  | "string" // "a" or `a`, quotes included
  | "number"
  | "bool"
  | "nil"
  | "dot"
  | "field" // .name
  | "variable" // $name
  | "identifier"
  | Keyword;

export type Keyword = "block" | "break" | "continue" | "define" | "else" | "end" | "if" | "range" | "template" | "with";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** UTF-16 offset in the template. */
  readonly at: number;
  readonly line: number;
}

export const keywords: ReadonlySet<string> = new Set<Keyword>([
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "range",
  "template",
  "with",
]);
