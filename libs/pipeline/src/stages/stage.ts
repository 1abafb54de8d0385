import type { Row } from "../row.ts";
import type { NumberReader } from "../values/number-bytes.ts";

/** One step of a pipeline: changes the row, and answers false where the line is dropped. */
export type Stage = (row: Row) => boolean;

/** What the rest of a query needs from its parsers. */
export interface ParserHints {
  /** The labels needed; undefined for all. Parsers extract no others and stop once they have these. */
  readonly wanted: ReadonlySet<string> | undefined;
  /** Nothing reads a label: parsers do nothing at all, and cannot fail. */
  readonly skip: boolean;
  /**
   * Filters on one label, by its name: as in Loki a parser that sets the label asks the filter at once and drops the
   * line, even where a stage between the two would change the label.
   */
  readonly early?: ReadonlyMap<string, Stage>;
  /** The label that only `unwrap` reads: a parser that can read the number gives it to the row, without its text. */
  readonly sample?: { readonly name: string; readonly read: NumberReader };
}

/** Log queries see every label. */
export const everyLabel: ParserHints = { wanted: undefined, skip: false };
