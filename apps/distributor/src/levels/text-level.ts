const space = 0x20;

/** Bit 1: a word may begin after the byte. Bit 2: a word may end before it. */
const edges = new Uint8Array(256);
for (const char of " \t\n[({\"'=|") edges[char.charCodeAt(0)] = 3;
for (const char of "])}:,!") edges[char.charCodeAt(0)] = 2;

/** Words that name a level, by their first letter (lower case), with the code of the level. */
const words: readonly (readonly { letters: Uint8Array; code: number }[] | undefined)[] = byFirstLetter({
  trace: 1,
  debug: 2,
  fatal: 7,
  critical: 6,
  error: 5,
  err: 5,
  warning: 4,
  warn: 4,
  info: 3,
});
const first = new Uint8Array(256);
for (const [letter] of words.entries()) if (words[letter] !== undefined) first[letter] = first[letter - space] = 1;

/** The level that the first such word of a text names, 0 where there is none: `2024-06-10 [WARN] disk full`. */
export function textLevel(bytes: Uint8Array, from: number, to: number): number {
  let before = 3;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if ((before & 1) === 1 && first[byte] === 1) {
      const code = wordAt(bytes, at, to);
      if (code !== 0) return code;
    }
    before = edges[byte]!;
  }
  return 0;
}

function wordAt(bytes: Uint8Array, at: number, to: number): number {
  const candidates = words[bytes[at]! | space]!;
  next: for (const { letters, code } of candidates) {
    const end = at + letters.length;
    if (end > to || (end < to && (edges[bytes[end]!]! & 2) === 0)) continue;
    for (let i = 1; i < letters.length; i++) if ((bytes[at + i]! | space) !== letters[i]) continue next;
    return code;
  }
  return 0;
}

function byFirstLetter(codes: Readonly<Record<string, number>>): { letters: Uint8Array; code: number }[][] {
  const table: { letters: Uint8Array; code: number }[][] = [];
  for (const [word, code] of Object.entries(codes))
    (table[word.charCodeAt(0)] ??= []).push({ letters: Buffer.from(word), code });
  return table;
}
