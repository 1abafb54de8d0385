/** A pattern that cannot be used; the message is Go's: `error parsing regexp: missing closing ): …`. */
export class RegexError extends Error {
  override readonly name = "RegexError";
}

/** The error of a malformed pattern, which names the reason and quotes the faulty fragment. */
export function syntaxError(reason: string, fragment: string): RegexError {
  return new RegexError(`error parsing regexp: ${reason}: \`${fragment}\``);
}
