import type { LineTest } from "./line-match.ts";
import { indexWithin, parsePattern } from "./pattern.ts";

/** `|> "<_> took <_>"`: the literals in order, with at least one byte for each `<_>`; a leading literal may stand anywhere. */
export function patternMatcher(pattern: string): { test: LineTest; literals: Uint8Array[] } {
  const parts = parsePattern(pattern);
  const literals = parts.flatMap((part) => ("literal" in part ? [part.literal] : []));
  const test: LineTest = (bytes, start, end) => {
    if (parts.length === 0 || start === end) return parts.length === 0 && start === end;
    let at = start;
    let pending = false;
    for (const part of parts) {
      if (!("literal" in part)) {
        pending = true;
        continue;
      }
      const found = indexWithin(bytes, part.literal, at, end);
      if (found === -1 || (pending && found === at)) return false;
      at = found + part.literal.length;
      pending = false;
    }
    return pending ? at < end : at === end;
  };
  return { test, literals };
}
