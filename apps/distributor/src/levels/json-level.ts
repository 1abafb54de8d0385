import type { FieldNames } from "./field-names.ts";
import { levelCode } from "./level.ts";

const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const listOpen = 0x5b;
const backslash = 0x5c;
const listClose = 0x5d;
const braceOpen = 0x7b;
const braceClose = 0x7d;

/**
 * The level in a JSON object: of the first field, in the order of the text, that has a known name and holds text.
 * 0 where there is none, or no level that is known. `maxDepth` 1 reads the top only, 0 any depth. What is no JSON ends
 * the search.
 */
export function jsonLevel(bytes: Uint8Array, from: number, to: number, fields: FieldNames, maxDepth: number): number {
  let depth = 0;
  let at = from;
  while (at < to) {
    const byte = bytes[at]!;
    if (byte <= space || byte === comma) at++;
    else if (byte === braceOpen && depth === 0) {
      depth = 1;
      at++;
    } else if (byte === braceClose) {
      if (--depth === 0) return 0;
      at++;
    } else if (byte !== quote) return 0;
    else {
      const keyEnd = endOfString(bytes, at, to);
      let value = skipSpace(bytes, keyEnd, to);
      if (bytes[value] !== colon) return 0;
      value = skipSpace(bytes, value + 1, to);
      const start = bytes[value];
      if (start === quote) {
        const end = endOfString(bytes, value, to);
        if (fields.rank(bytes, at + 1, keyEnd - 1) >= 0) return levelCode(bytes, value + 1, end - 1);
        at = end;
      } else if (start === braceOpen && (maxDepth === 0 || depth < maxDepth)) {
        depth++;
        at = value + 1;
      } else
        at = start === braceOpen || start === listOpen ? endOfNested(bytes, value, to) : endOfPlain(bytes, value, to);
    }
  }
  return 0;
}

function skipSpace(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at]! <= space) at++;
  return at;
}

/** One past the closing quote of the string that opens at `from`. */
function endOfString(bytes: Uint8Array, from: number, to: number): number {
  let at = from + 1;
  while (at < to && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at + 1;
}

function endOfNested(bytes: Uint8Array, from: number, to: number): number {
  let depth = 0;
  let at = from;
  while (at < to) {
    const byte = bytes[at]!;
    if (byte === quote) {
      at = endOfString(bytes, at, to);
      continue;
    }
    at++;
    if (byte === braceOpen || byte === listOpen) depth++;
    else if ((byte === braceClose || byte === listClose) && --depth === 0) return at;
  }
  return at;
}

/** The end of a number, true, false or null. */
function endOfPlain(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== comma && bytes[at] !== braceClose && bytes[at] !== listClose) at++;
  return at;
}
