import type { FieldNames } from "./field-names.ts";
import { jsonLevel } from "./json-level.ts";
import { firstWord, textLevel } from "./text-level.ts";

const space = 0x20;
const braceOpen = 0x7b;
const braceClose = 0x7d;

/** The code of the level of a line: by its fields where it is JSON or logfmt, else by the first word that names one. */
export function lineLevel(bytes: Uint8Array, from: number, to: number, fields: FieldNames, jsonDepth: number): number {
  let start = from;
  let end = to;
  while (start < end && bytes[start]! <= space) start++;
  while (start < end && bytes[end - 1]! <= space) end--;
  if (end === start || bytes[start] !== braceOpen || bytes[end - 1] !== braceClose)
    return textLevel(bytes, from, to, fields);
  const level = jsonLevel(bytes, start, end, fields, jsonDepth);
  return level === 0 ? firstWord(bytes, from, to) : level;
}
