import type { FieldNames } from "./field-names.ts";
import { levelCode } from "./level.ts";

const space = 0x20;
const equals = 0x3d;
const quote = 0x22;
const backslash = 0x5c;

/**
 * The level in `key=value` pairs, 0 where there is none that is known. Of several fields the one first in the list
 * counts, whatever the case of its letters.
 */
export function logfmtLevel(bytes: Uint8Array, from: number, to: number, fields: FieldNames): number {
  let best = Number.POSITIVE_INFINITY;
  let level = 0;
  let at = from;
  while (at < to) {
    while (at < to && bytes[at]! <= space) at++;
    const key = at;
    while (at < to && bytes[at]! > space && bytes[at] !== equals) at++;
    if (at === to || bytes[at] !== equals) continue;
    const rank = fields.rankIgnoringCase(bytes, key, at);
    const value = ++at;
    at = endOfValue(bytes, value, to);
    if (rank < 0 || rank >= best) continue;
    best = rank;
    const quoted = bytes[value] === quote ? 1 : 0;
    level = levelCode(bytes, value + quoted, Math.max(value, at - quoted));
    if (rank === 0) break;
  }
  return level;
}

function endOfValue(bytes: Uint8Array, value: number, to: number): number {
  let at = value;
  if (bytes[at] !== quote) {
    while (at < to && bytes[at]! > space) at++;
    return at;
  }
  at++;
  while (at < to && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return Math.min(at + 1, to);
}
