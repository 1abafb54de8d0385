/** What is wrong with a JSON line, in the words of Loki's answers. */
export const jsonFaults = {
  object: "Value looks like object, but can't find closing '}' symbol",
  array: "Value is array, but can't find closing ']' symbol",
  string: "Value is string, but can't find closing '\"' symbol",
  malformed: "Malformed JSON error",
  unknown: "Unknown value type",
  escape: "Encountered an invalid escape sequence in a string",
} as const;

/** A line that is not JSON where the scan came to it. */
export class JsonFault extends Error {}

export const quoteByte = 0x22;
export const backslash = 0x5c;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const comma = 0x2c;
export const colon = 0x3a;

/** The next position from `at` that is no space, or -1. */
export function nextToken(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const byte = bytes[i]!;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return i;
  }
  return -1;
}

/** The position of the quote that ends the string whose first byte is at `at`, or -1. */
export function stringEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === quoteByte) return i;
    if (byte === backslash) i++;
  }
  return -1;
}

/** The position after the bracket that closes the one at `at`, or -1. Brackets inside strings do not count. */
export function blockEnd(bytes: Uint8Array, at: number, end: number, open: number, close: number): number {
  let depth = 0;
  for (let i = at; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === quoteByte) {
      i = stringEnd(bytes, i + 1, end);
      if (i === -1) return -1;
    } else if (byte === open) depth++;
    else if (byte === close && --depth === 0) return i + 1;
  }
  return -1;
}

export type JsonKind = "string" | "number" | "boolean" | "null" | "object" | "array";

/** A value of a line: strings without their quotes, all else as written. `next` is the position after it. */
export interface JsonValue {
  kind: JsonKind;
  start: number;
  end: number;
  next: number;
}

/** Reads the value at or after `at` into `value`. Throws a JsonFault. */
export function readValue(bytes: Uint8Array, at: number, end: number, value: JsonValue): void {
  const start = at < end && bytes[at]! > 0x20 ? at : nextToken(bytes, at, end);
  if (start === -1) throw new JsonFault(jsonFaults.malformed);
  switch (bytes[start]!) {
    case quoteByte: {
      const close = stringEnd(bytes, start + 1, end);
      if (close === -1) throw new JsonFault(jsonFaults.string);
      setValue(value, "string", start + 1, close, close + 1);
      return;
    }
    case openBrace: {
      const after = blockEnd(bytes, start, end, openBrace, closeBrace);
      if (after === -1) throw new JsonFault(jsonFaults.object);
      setValue(value, "object", start, after, after);
      return;
    }
    case openBracket: {
      const after = blockEnd(bytes, start, end, openBracket, closeBracket);
      if (after === -1) throw new JsonFault(jsonFaults.array);
      setValue(value, "array", start, after, after);
      return;
    }
    default: {
      const after = literalEnd(bytes, start, end);
      setValue(value, literalKind(bytes, start, after), start, after, after);
    }
  }
}

function setValue(value: JsonValue, kind: JsonKind, start: number, end: number, next: number): void {
  value.kind = kind;
  value.start = start;
  value.end = end;
  value.next = next;
}

function literalEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === comma || byte === closeBrace || byte === closeBracket) return i;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return i;
  }
  return end;
}

function literalKind(bytes: Uint8Array, start: number, end: number): JsonKind {
  const first = bytes[start]!;
  if ((first >= 0x30 && first <= 0x39) || first === 0x2d) return "number";
  const word = end - start > 5 ? "" : String.fromCharCode(...bytes.subarray(start, end));
  if (word === "true" || word === "false") return "boolean";
  if (word === "null") return "null";
  throw new JsonFault(jsonFaults.unknown);
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** The text of a JSON string's inside, or undefined where an escape is wrong. */
export function unescapeJson(text: string): string | undefined {
  let out = "";
  let from = 0;
  for (let at = text.indexOf("\\"); at !== -1; at = text.indexOf("\\", from)) {
    out += text.slice(from, at);
    const letter = text[at + 1] ?? "";
    if (letter === "u") {
      const hex = text.slice(at + 2, at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) return undefined;
      out += String.fromCharCode(Number.parseInt(hex, 16));
      from = at + 6;
    } else {
      const plain = escapes[letter];
      if (plain === undefined) return undefined;
      out += plain;
      from = at + 2;
    }
  }
  return out + text.slice(from);
}
