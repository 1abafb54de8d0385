import { compileRegex, type Regex } from "@ratatosk/regex";

/** Compiles a stage's expression. Throws an Error with Go's text. */
export function compileExpression(expression: string): Regex {
  try {
    return compileRegex(expression);
  } catch (error) {
    throw new Error(`could not compile regular expression: ${(error as Error).message}`, { cause: error });
  }
}
