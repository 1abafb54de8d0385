/** A piece of a pattern: literal text, or a capture whose name is `_` where the text is only skipped. */
export type PatternPart = { readonly literal: string } | { readonly capture: string };

/** A pattern that `| pattern` or `|>` cannot use. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

const capture = /<([A-Za-z_][A-Za-z0-9_]*)>/g;

/** Cuts `<ip> - <_> "<method>` into its parts; what is no capture is literal. */
export function parsePattern(text: string): PatternPart[] {
  const parts: PatternPart[] = [];
  let at = 0;
  for (const match of text.matchAll(capture)) {
    if (match.index > at) parts.push({ literal: text.slice(at, match.index) });
    parts.push({ capture: match[1]! });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ literal: text.slice(at) });
  return parts;
}

/** Checks a pattern of `| pattern`: captures apart from each other, one with a name, none twice. */
export function checkPatternParser(text: string): void {
  if (text === "")
    throw new PatternError(
      "parse error at line 1, col 1: syntax error: unexpected $end, expecting IDENTIFIER or LITERAL",
    );
  const parts = parsePattern(text);
  const names = parts.flatMap((part) => ("capture" in part && part.capture !== "_" ? [part.capture] : []));
  if (names.length === 0) throw new PatternError("at least one capture is required");
  checkApart(parts);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new PatternError(`duplicate capture name (${twice}): invalid expression`);
}

/** Checks a pattern of `|>` and `!>`: captures without names and apart from each other. */
export function checkPatternFilter(text: string): void {
  const parts = parsePattern(text);
  for (const part of parts)
    if ("capture" in part && part.capture !== "_")
      throw new PatternError(`named captures are not allowed: found '<${part.capture}>'`);
  checkApart(parts);
}

function checkApart(parts: readonly PatternPart[]): void {
  for (const [at, part] of parts.entries()) {
    const before = parts[at - 1];
    if (before !== undefined && "capture" in before && "capture" in part)
      throw new PatternError(`found consecutive capture '<${before.capture}><${part.capture}>': invalid expression`);
  }
}
