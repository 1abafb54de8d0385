import { compileRegex, type Regex } from "@ratatosk/regex";
import { fn, type Functions } from "../function.ts";

const maxCached = 100;

/** Expressions compiled before, so that a template compiles each once. */
export class RegexCache {
  readonly #compiled = new Map<string, Regex>();

  /** Throws Go's text where the pattern is none. */
  get(pattern: string): Regex {
    let regex = this.#compiled.get(pattern);
    if (regex === undefined) {
      if (this.#compiled.size >= maxCached) this.#compiled.clear();
      regex = compileRegex(pattern);
      this.#compiled.set(pattern, regex);
    }
    return regex;
  }
}

export function regexFunctions(cache: RegexCache): Functions {
  return {
    regexReplaceAll: fn("string, string, string", (pattern: string, text: string, to: string) =>
      cache.get(pattern).replaceAll(text, to),
    ),
    regexReplaceAllLiteral: fn("string, string, string", (pattern: string, text: string, to: string) =>
      cache.get(pattern).replaceAll(text, to.replaceAll("$", "$$$$")),
    ),
    count: fn("string, string", (pattern: string, text: string) => BigInt(allMatches(cache.get(pattern), text).length)),
  };
}

/** The texts of all matches that do not overlap. */
export function allMatches(regex: Regex, text: string): string[] {
  const found: string[] = [];
  let previousEnd = -1;
  for (let at = 0; at <= text.length;) {
    const match = regex.exec(text, at);
    if (match === undefined) break;
    const whole = match.groups[0]!;
    const end = match.index + whole.length;
    if (whole !== "" || match.index !== previousEnd) found.push(whole);
    previousEnd = end;
    at = whole === "" ? end + (text.codePointAt(end)! > 0xffff ? 2 : 1) : end;
  }
  return found;
}
