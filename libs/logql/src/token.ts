/** What a token is, in the word that error messages use for it: `STRING`, `{`, `by`, `COUNT_OVER_TIME`, `$end`. */
export type TokenKind = string;

export interface Token {
  readonly kind: TokenKind;
  /** The source text; of a function its name in lower case. */
  readonly text: string;
  /** The decoded text of a STRING or flag, else the source text. */
  readonly string: string;
  /** Nanoseconds of a DURATION or RANGE, bytes of BYTES, else 0. */
  readonly number: number;
  /** UTF-16 offset of the first character. */
  readonly at: number;
  /** Read with look-ahead: its errors are reported at line 0. */
  readonly lookAhead: boolean;
}

/** Words that are never a label name. */
export const reservedWords: ReadonlySet<string> = new Set(
  (
    "by without bool offset on ignoring group_left group_right or and unless unwrap " +
    "json regexp logfmt unpack pattern label_format line_format decolorize drop keep"
  ).split(" "),
);

const upperCased = (
  "rate rate_counter count_over_time bytes_over_time bytes_rate avg_over_time sum_over_time min_over_time max_over_time " +
  "stddev_over_time stdvar_over_time quantile_over_time first_over_time last_over_time absent_over_time vector " +
  "sum avg max min count stddev stdvar topk bottomk approx_topk sort sort_desc"
).split(" ");

/** Words that are functions only where a parenthesis follows, with their token kinds. */
export const functionKinds: ReadonlyMap<string, TokenKind> = new Map([
  ...upperCased.map((name): [string, string] => [name, name.toUpperCase()]),
  ["label_replace", "label_replace"],
  ["bytes", "BYTES_CONV"],
  ["duration", "DURATION_CONV"],
  ["duration_seconds", "DURATION_SECONDS_CONV"],
  ["ip", "ip"],
]);

/** Operators of two characters. */
export const longOperators: ReadonlySet<string> = new Set("|= |~ |> != !~ !> =~ == >= <=".split(" "));

/** Operators and punctuation of one character. Any other single character reads as an identifier. */
export const shortOperators: ReadonlySet<string> = new Set("{}()[],.|=><+-*/%^");

export const parserFlags: ReadonlySet<string> = new Set(["strict", "keep-empty"]);
