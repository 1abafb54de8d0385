import type { AlloyFile, Block } from "@ratatosk/alloy-syntax";
import { PlaceError } from "../body.ts";

/** A block and the file it stands in. */
export interface Unit {
  readonly block: Block;
  readonly file: AlloyFile;
}

/** A custom component that was declared, and what its body may use. */
export interface Declaration extends Unit {
  readonly name: string;
  /** Finds the declaration of a kind where this one stands. */
  readonly lookup: Lookup;
  readonly modulePath: string;
}

/** The declaration of a kind (`d`, `namespace.d`), undefined if there is none. */
export type Lookup = (kind: string) => Declaration | undefined;

/** The blocks of a body, as a module takes them. Throws a PlaceError for an attribute among them. */
export function unitsOf({ body }: Block, file: Unit["file"]): Unit[] {
  return body.map((statement) => {
    if (statement.kind === "block") return { block: statement, file };
    throw new PlaceError(statement.nameSpan, `unrecognized attribute name ${JSON.stringify(statement.name)}`);
  });
}
