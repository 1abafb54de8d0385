/** A parsed RE2 expression. */
export type Node =
  | { readonly kind: "empty" }
  | Literal
  | CharClass
  | { readonly kind: "any"; readonly newline: boolean }
  | { readonly kind: "line-start" | "line-end" | "text-start" | "text-end" | "word-boundary" | "no-word-boundary" }
  | Capture
  | Repeat
  | { readonly kind: "concat" | "alternate"; readonly items: readonly Node[] };

/** One code point; with `fold` in any case. */
export interface Literal {
  readonly kind: "literal";
  readonly point: number;
  readonly fold: boolean;
}

/** A set of code points; with `fold` every item stands for all cases of its members. */
export interface CharClass {
  readonly kind: "class";
  readonly negated: boolean;
  readonly fold: boolean;
  readonly items: readonly ClassItem[];
}

/** A range of code points, all outside of some ranges (`\W`), or a Unicode property by its JavaScript name (`L`, `Script=Greek`). */
export type ClassItem =
  | { readonly kind: "range"; readonly low: number; readonly high: number }
  | { readonly kind: "not"; readonly ranges: Ranges; readonly source: string }
  | { readonly kind: "property"; readonly name: string; readonly negated: boolean };

export type Ranges = readonly (readonly [low: number, high: number])[];

export interface Capture {
  readonly kind: "capture";
  /** From 1. */
  readonly index: number;
  /** "" for an unnamed group. */
  readonly name: string;
  readonly body: Node;
}

/** `body` from `min` to `max` times; `*`, `+` and `?` too. */
export interface Repeat {
  readonly kind: "repeat";
  readonly min: number;
  /** Infinity where there is no bound. */
  readonly max: number;
  readonly greedy: boolean;
  readonly body: Node;
}

export interface Pattern {
  readonly root: Node;
  /** Names of the groups by number; "" for the whole match and for unnamed groups. */
  readonly groupNames: readonly string[];
}
