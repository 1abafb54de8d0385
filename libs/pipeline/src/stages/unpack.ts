import {
  closeBrace,
  colon,
  comma,
  JsonFault,
  jsonFaults,
  type JsonValue,
  nextToken,
  openBrace,
  quoteByte,
  readValue,
  stringEnd,
  unescapeJson,
} from "../json-scan.ts";
import { KeyTable } from "../key-table.ts";
import type { Row } from "../row.ts";
import { JsonText } from "./json-text.ts";
import { jsonError } from "./json.ts";
import { ParsedLabels } from "./parsed-labels.ts";
import type { ParserHints, Stage } from "./stage.ts";

const entryKey = "_entry";
const notAnObject = "expecting json object(6), but it is not";

/** `| unpack`: undoes the agent's `pack`: `_entry` becomes the line, the other strings labels. */
export function unpackStage(hints: ParserHints): Stage {
  if (hints.skip) return () => true;
  const labels = new ParsedLabels(hints);
  const keys = new KeyTable(hints.wanted);
  const text = new JsonText();
  return (row) => {
    if (row.start === row.end) return true;
    if (row.bytes[row.start] !== openBrace) {
      labels.fail(row, jsonError, notAnObject);
      return true;
    }
    try {
      unpack(row);
    } catch (fault) {
      if (!(fault instanceof JsonFault)) throw fault;
      labels.fail(row, jsonError, fault.message);
    }
    return !row.dropped;
  };

  function unpack(row: Row): void {
    const members = stringMembers(row, text);
    const entry = members.findLast(([key]) => key === entryKey);
    if (entry === undefined) return;
    for (const [raw, value] of members) {
      const name = raw === entryKey ? undefined : labels.accept(row, keys.of(raw));
      if (name !== undefined && labels.store(row, name, value)) break;
    }
    row.setLine(Buffer.from(entry[1]));
  }
}

function stringMembers(row: Row, text: JsonText): [key: string, value: string][] {
  const { bytes, end } = row;
  const members: [string, string][] = [];
  const value: JsonValue = { kind: "null", start: 0, end: 0, next: 0 };
  let at = demand(nextToken(bytes, row.start + 1, end), jsonFaults.malformed);
  while (bytes[at] !== closeBrace) {
    if (bytes[at] !== quoteByte) throw new JsonFault(jsonFaults.object);
    const keyEnd = demand(stringEnd(bytes, at + 1, end), jsonFaults.malformed);
    const key = bytes.toString("utf8", at + 1, keyEnd);
    const separator = demand(nextToken(bytes, keyEnd + 1, end), jsonFaults.malformed);
    if (bytes[separator] !== colon) throw new JsonFault(jsonFaults.malformed);
    readValue(bytes, separator + 1, end, value);
    if (value.kind === "string") members.push([unescapeJson(key) ?? key, text.of(bytes, value)]);
    at = demand(nextToken(bytes, value.next, end), jsonFaults.array);
    if (bytes[at] === closeBrace) break;
    if (bytes[at] !== comma) throw new JsonFault(jsonFaults.object);
    at = demand(nextToken(bytes, at + 1, end), jsonFaults.array);
  }
  return members;
}

function demand(position: number, fault: string): number {
  if (position === -1) throw new JsonFault(fault);
  return position;
}
