import type { Regex, RegexOptions } from "./regex.ts";

/**
 * Compiles an RE2 pattern. Throws a RegexError with Go's text (`error parsing regexp: missing closing ): …`) where the
 * pattern is none.
 */
export function compileRegex(pattern: string, options: RegexOptions = {}): Regex {
  throw new Error(`cannot compile yet: ${pattern} ${JSON.stringify(options)}`);
}
