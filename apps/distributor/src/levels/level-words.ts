const space = 0x20;
const bytesThatBegin = " \t\n[({\"'=|";
const bytesThatEnd = "])}:,!";

/**
 * For each pair of bytes, `before << 8 | byte`, whether the second is the `=` of a field or may begin a word that names
 * a level. Nearly all are 0, so that a walk over a line seldom has to stop.
 */
export const pairs = new Uint8Array(65_536);
const wordMayEnd = new Uint8Array(256);
for (const char of bytesThatBegin + bytesThatEnd) wordMayEnd[char.charCodeAt(0)] = 1;

interface Word {
  readonly letters: Uint8Array;
  readonly code: number;
}

/** Words that name a level, by their first letter (lower case), with the code of the level. */
const words: Word[][] = [];
const spelled = { trace: 1, debug: 2, fatal: 7, critical: 6, error: 5, err: 5, warning: 4, warn: 4, info: 3 };
for (const [word, code] of Object.entries(spelled)) {
  const letter = word.charCodeAt(0);
  (words[letter] ??= []).push({ letters: Buffer.from(word), code });
  for (const char of bytesThatBegin)
    for (const initial of [letter, letter - space]) pairs[(char.charCodeAt(0) << 8) | initial] = 1;
}
for (let before = 0; before < 256; before++) pairs[(before << 8) | "=".charCodeAt(0)] = 1;

/** The level that the word at `at` names, 0 if it names none or goes on: `errors`. Its first letter must be one of theirs. */
export function wordAt(bytes: Uint8Array, at: number, to: number): number {
  const candidates = words[bytes[at]! | space]!;
  next: for (const { letters, code } of candidates) {
    const end = at + letters.length;
    if (end > to || (end < to && wordMayEnd[bytes[end]!] !== 1)) continue;
    for (let i = 1; i < letters.length; i++) if ((bytes[at + i]! | space) !== letters[i]) continue next;
    return code;
  }
  return 0;
}
