/** Where and how a pattern is applied. Flags inside the pattern (`(?i)`, `(?s)`) work in every place. */
export interface RegexOptions {
  /** The whole text must match: `^(?:pattern)$`. Otherwise a match anywhere counts. */
  readonly anchored?: boolean;
  /** `.` also matches newline, as in stream selectors. */
  readonly dotAll?: boolean;
}

/** A match: `groups[0]` is the whole match, a group that took no part is undefined. */
export interface RegexMatch {
  /** UTF-16 offset of the match in the text. */
  readonly index: number;
  readonly groups: readonly (string | undefined)[];
}

/** Where a match and its groups lie, in UTF-16 offsets; undefined for a group that took no part. */
export type RegexSpans = readonly (readonly [start: number, end: number] | undefined)[];

/** A compiled RE2 expression. No text makes it slow: what V8 could take long for runs on a linear engine. */
export interface Regex {
  /** The pattern as given. */
  readonly source: string;
  /** Names of the groups by number, group 0 being the whole match; unnamed groups are "". */
  readonly groupNames: readonly string[];
  /** The values that match, where they are few and known (`a|b|c`, anchored); a label index looks them up. */
  readonly setMatches: readonly string[] | undefined;
  /** The pattern searches for these literal texts and nothing else (not anchored): a scan may look for their bytes. */
  readonly literals: readonly string[] | undefined;
  /** A literal that every match begins with (anchored patterns only), "" if unknown. */
  readonly prefix: string;
  /** UTF-8 texts of which every matching text contains at least one; undefined if nothing is known. Case-sensitive. */
  readonly required: readonly Uint8Array[] | undefined;
  /** True if the text (anchored: the whole text) matches. */
  test(text: string): boolean;
  /** True if UTF-8 bytes match, from `start` to before `end`. An invalid byte counts as U+FFFD. A Buffer is quickest. */
  testBytes(bytes: Uint8Array, start?: number, end?: number): boolean;
  /** The leftmost match at or after `from` (UTF-16 offset), or undefined. */
  exec(text: string, from?: number): RegexMatch | undefined;
  /** Where the leftmost match at or after `from` and its groups lie, or undefined. */
  spans(text: string, from?: number): RegexSpans | undefined;
  /** All matches from left to right, none overlapping another. */
  matchAll(text: string): Generator<RegexMatch>;
  /** Replaces every match; `$1`, `${1}`, `$name`, `${name}` and `$$` of the replacement are expanded as in Go. */
  replaceAll(text: string, replacement: string): string;
}
