/** A piece of a line as it is shown: text, or the name of a character that would not be seen or would move others. */
export interface Piece {
  readonly text: string;
  readonly hidden?: boolean;
}

const names: Readonly<Record<number, string>> = {
  0x061c: "ALM",
  0x200b: "ZWSP",
  0x200e: "LRM",
  0x200f: "RLM",
  0x2028: "LS",
  0x2029: "PS",
  0x202a: "LRE",
  0x202b: "RLE",
  0x202c: "PDF",
  0x202d: "LRO",
  0x202e: "RLO",
  0x2060: "WJ",
  0x2066: "LRI",
  0x2067: "RLI",
  0x2068: "FSI",
  0x2069: "PDI",
  0xfeff: "BOM",
};
const unseen =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** Control characters and bidirectional overrides become visible names; nothing of them reaches the page as it is. */
export function visiblePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(unseen)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index) });
    pieces.push({ text: nameOf(match[0].charCodeAt(0)), hidden: true });
    at = match.index + 1;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

function nameOf(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return names[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
