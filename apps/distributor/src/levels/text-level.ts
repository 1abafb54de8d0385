import type { FieldNames } from "./field-names.ts";
import { levelCode } from "./level.ts";
import { pairs, wordAt } from "./level-words.ts";

const newline = 0x0a;
const space = 0x20;
const quote = 0x22;
const equals = 0x3d;
const backslash = 0x5c;

/**
 * The level of a line in one walk: of its `key=value` pairs the one whose key stands first in the list (whatever the
 * case of its letters), else the first word that names a level: `2024-06-10 [WARN] disk full`. 0 where there is none.
 */
export function textLevel(bytes: Uint8Array, from: number, to: number, fields: FieldNames): number {
  let word = 0;
  let best = Number.POSITIVE_INFINITY;
  let field = 0;
  let quotedTo = from;
  for (let at = nextPair(bytes, from, to, newline); at < to; at = nextPair(bytes, at + 1, to, bytes[at]!)) {
    if (bytes[at] !== equals) {
      if (word === 0) word = wordAt(bytes, at, to);
      continue;
    }
    if (at < quotedTo || best === 0) continue;
    const quoted = at + 1 < to && bytes[at + 1] === quote;
    if (quoted) quotedTo = endOfQuote(bytes, at + 1, to);
    const rank = rankBefore(bytes, from, at, fields);
    if (rank < 0 || rank >= best) continue;
    best = rank;
    field = quoted ? levelCode(bytes, at + 2, quotedTo - 1) : levelCode(bytes, at + 1, endOfToken(bytes, at + 1, to));
    if (rank === 0 && field !== 0) return field;
  }
  return field === 0 ? word : field;
}

/** The first word of a text that names a level, whatever its fields say: what is left for JSON without a level. */
export function firstWord(bytes: Uint8Array, from: number, to: number): number {
  for (let at = nextPair(bytes, from, to, newline); at < to; at = nextPair(bytes, at + 1, to, bytes[at]!)) {
    const word = bytes[at] === equals ? 0 : wordAt(bytes, at, to);
    if (word !== 0) return word;
  }
  return 0;
}

/** Where the next byte is that means something after the one before it. A loop of its own, which V8 keeps tight. */
function nextPair(bytes: Uint8Array, from: number, to: number, before: number): number {
  const stops = pairs;
  let pair = before;
  for (let at = from; at < to; at++) {
    pair = ((pair & 0xff) << 8) | bytes[at]!;
    if (stops[pair] !== 0) return at;
  }
  return to;
}

/** The rank of the key that ends before the `=` at `end`, -1 where it is none of the fields or belongs to a value. */
function rankBefore(bytes: Uint8Array, from: number, end: number, fields: FieldNames): number {
  const last = Math.max(from, end - fields.longest - 1);
  let at = end;
  while (at > last && bytes[at - 1]! > space) {
    if (bytes[at - 1] === equals) return -1;
    at--;
  }
  return fields.rankIgnoringCase(bytes, at, end);
}

function endOfQuote(bytes: Uint8Array, from: number, to: number): number {
  let at = from + 1;
  while (at < to && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return Math.min(at + 1, to);
}

function endOfToken(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at]! > space) at++;
  return at;
}
