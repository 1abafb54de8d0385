/** How a selector compares a label with a value. Regular expressions are anchored and `.` matches newline. */
export type MatchOp = "=" | "!=" | "=~" | "!~";

/** One condition of a stream selector. A missing label counts as the empty value. */
export interface Matcher {
  readonly name: string;
  readonly op: MatchOp;
  readonly value: string;
}
