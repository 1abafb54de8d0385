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

/** Further away the native search is faster than a loop. */
const nearBytes = 96;

/** The position of `needle`, which is not empty, in `bytes[start … end)`, or -1. */
export function indexWithin(bytes: Buffer, needle: Uint8Array, start: number, end: number): number {
  const first = needle[0]!;
  const last = Math.min(end - needle.length, start + nearBytes);
  for (let at = start; at <= last; at++) if (bytes[at] === first && isAt(bytes, needle, at)) return at;
  if (last + needle.length >= end) return -1;
  const at = bytes.subarray(last + 1, end).indexOf(needle);
  return at === -1 ? -1 : last + 1 + at;
}

/** Whether `needle` stands at `at`, from where there are as many bytes. */
export function isAt(bytes: Uint8Array, needle: Uint8Array, at: number): boolean {
  for (let i = 0; i < needle.length; i++) if (bytes[at + i] !== needle[i]) return false;
  return true;
}
