/** A part of `<ip> - <_> [<when>]`: a literal, or a capture, which is unnamed for `<_>`. */
export type PatternPart = { readonly literal: Uint8Array } | { readonly capture: string | undefined };

/** The parts of a pattern, which the parser of queries has checked. */
export function parsePattern(pattern: string): PatternPart[] {
  const parts: PatternPart[] = [];
  let from = 0;
  const literal = (end: number): void => {
    if (end > from) parts.push({ literal: Buffer.from(pattern.slice(from, end)) });
  };
  for (const match of pattern.matchAll(/<([A-Za-z_][A-Za-z0-9_]*)>/g)) {
    literal(match.index);
    parts.push({ capture: match[1] === "_" ? undefined : match[1] });
    from = match.index + match[0].length;
  }
  literal(pattern.length);
  return parts;
}

/** The position of `needle` in `bytes[start … end)`, or -1. */
export function indexWithin(bytes: Buffer, needle: Uint8Array, start: number, end: number): number {
  const at = bytes.subarray(start, end).indexOf(needle);
  return at === -1 ? -1 : start + at;
}
