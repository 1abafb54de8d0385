import type { FieldNames } from "./field-names.ts";
import { jsonLevel } from "./json-level.ts";
import { logfmtLevel } from "./logfmt-level.ts";
import { textLevel } from "./text-level.ts";

const space = 0x20;

/** The code of the level of a line: by its fields where it is JSON or logfmt, else by the first word that names one. */
export function lineLevel(bytes: Uint8Array, from: number, to: number, fields: FieldNames, jsonDepth: number): number {
  let start = from;
  let end = to;
  while (start < end && bytes[start]! <= space) start++;
  while (start < end && bytes[end - 1]! <= space) end--;
  const json = end > start && bytes[start] === 0x7b && bytes[end - 1] === 0x7d;
  const level = json ? jsonLevel(bytes, start, end, fields, jsonDepth) : logfmtLevel(bytes, start, end, fields);
  return level === 0 ? textLevel(bytes, from, to) : level;
}
