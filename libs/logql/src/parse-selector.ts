import type { Matcher, MatchOp } from "@ratatosk/model";
import { checkRegex, RegexError } from "@ratatosk/regex";
import { parseError } from "./parse-error.ts";
import type { TokenStream } from "./token-stream.ts";

/** `{name="value", …}`; whether it selects too much is not asked here. */
export function selector(tokens: TokenStream): Matcher[] {
  tokens.expect("{");
  const matchers: Matcher[] = [];
  if (tokens.accept("}")) return matchers;
  if (!tokens.is("IDENTIFIER")) throw tokens.unexpected(["IDENTIFIER", "}"]);
  do {
    const name = tokens.expect("IDENTIFIER").text;
    const op = tokens.expect("=", "=~", "!~", "!=").kind as MatchOp;
    matchers.push(matcher(tokens, name, op));
  } while (tokens.expect("}", ",").kind === ",");
  return matchers;
}

/** The value of a matcher whose name and operator have been read. */
export function matcher(tokens: TokenStream, name: string, op: MatchOp): Matcher {
  const value = tokens.expect("STRING").string;
  if (op === "=~" || op === "!~") checkMatcherRegex(value);
  return { name, op, value };
}

function checkMatcherRegex(pattern: string): void {
  try {
    checkRegex(pattern);
  } catch (error) {
    throw error instanceof RegexError ? parseError(error.message) : error;
  }
}
