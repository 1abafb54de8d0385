import { fromBytes, toBytes } from "../byte-text.ts";

const escape = /\\(?:([abfnrtv\\'"])|([0-7]{3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))|\\|[^\\]+/g;
const controls: Record<string, string> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** The text of a Go literal (`"…"` or `` `…` ``), undefined if an escape is wrong. */
export function unquote(literal: string): string | undefined {
  const body = literal.slice(1, -1);
  if (literal.startsWith("`")) return body.replaceAll("\r", "");
  if (!body.includes("\\")) return body;
  const parts: Uint8Array[] = [];
  for (const match of body.matchAll(escape)) {
    const part = unescape(match, literal[0]!);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return fromBytes(Buffer.concat(parts));
}

function unescape(match: RegExpMatchArray, delimiter: string): Uint8Array | undefined {
  const [whole, short, octal, hex, small, large] = match;
  if (short !== undefined) {
    if ((short === '"' || short === "'") && short !== delimiter) return undefined;
    return toBytes(controls[short] ?? short);
  }
  if (octal !== undefined) return byte(Number.parseInt(octal, 8));
  if (hex !== undefined) return byte(Number.parseInt(hex, 16));
  const code = small ?? large;
  if (code !== undefined) return character(Number.parseInt(code, 16));
  return whole === "\\" ? undefined : toBytes(whole);
}

const byte = (value: number): Uint8Array | undefined => (value > 0xff ? undefined : Uint8Array.of(value));
const character = (code: number): Uint8Array | undefined =>
  code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : toBytes(String.fromCodePoint(code));

const separators = /_/g;

/** A whole number in Go's spelling with base prefixes (`0x1f`, `0b1`, `0o7`, `017`); undefined if it is none. */
export function parseInteger(text: string): bigint | undefined {
  const sign = text.startsWith("-") ? -1n : 1n;
  const body = text.replace(/^[+-]/, "");
  if (/(?:^_|__|_$|[\da-fA-F]_(?=$))/.test(body)) return undefined;
  const digits = body.replace(separators, "");
  if (/^(?:0|[1-9]\d*)$/.test(digits)) return sign * BigInt(digits);
  if (/^0[xX][\da-fA-F]+$|^0[bB][01]+$|^0[oO][0-7]+$/.test(digits)) return sign * BigInt(digits.toLowerCase());
  return /^0[0-7]+$/.test(digits) ? sign * BigInt(`0o${digits.slice(1)}`) : undefined;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const hexadecimal = /^([+-]?)0[xX]([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d+)$/;
const special = /^([+-]?)(?:(inf|infinity)|nan)$/i;

/** A number as Go's strconv.ParseFloat reads it, `inf` and `nan` too; undefined if it is none or too large. */
export function parseFloat64(text: string): number | undefined {
  if (decimal.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  const hex = hexadecimal.exec(text);
  if (hex && hex[2]! + hex[3]! !== "") {
    const digits = Number.parseInt(hex[2]! + hex[3]!, 16) * 2 ** (Number(hex[4]) - 4 * hex[3]!.length);
    return hex[1] === "-" ? -digits : digits;
  }
  const name = special.exec(text);
  if (name === null || (name[2] === undefined && name[1] !== "")) return undefined;
  return name[2] === undefined ? Number.NaN : name[1] === "-" ? -Infinity : Infinity;
}

/** The value of a number constant of a template, undefined if it is none. */
export function parseNumber(source: string): { int: bigint | undefined; float: number } | undefined {
  const int = parseInteger(source);
  if (int !== undefined) return int >= -(2n ** 63n) && int < 2n ** 64n ? { int, float: Number(int) } : undefined;
  const float = parseFloat64(source.replace(separators, ""));
  if (float === undefined) return undefined;
  return { int: Number.isSafeInteger(float) ? BigInt(float) : undefined, float };
}
