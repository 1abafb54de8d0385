/** A quoted text as Go's scanner reads it: where it ends, what it says, what is wrong with it. */
export interface StringLiteral {
  readonly end: number;
  readonly value: string;
  readonly error: string | undefined;
}

const simpleEscapes: Record<string, string> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};
const numericEscape = /([0-7]{3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})/y;
const plain = /[^"'\\\n]+/y;

/** Reads the text in `"` or `'` that begins at `start`. */
export function scanQuoted(text: string, start: number): StringLiteral {
  const quote = text[start]!;
  const value = new Decoded();
  let at = start + 1;
  let error: string | undefined;
  while (text[at] !== quote) {
    const char = text[at];
    if (char === undefined || char === "\n")
      return { end: at, value: value.text(), error: error ?? "literal not terminated" };
    if (char === "\\") {
      const escape = readEscape(text, at + 1, quote, value);
      error ??= escape.error;
      at = escape.end;
    } else at = readPlain(text, at, value);
  }
  return { end: at + 1, value: value.text(), error };
}

/** Reads the text between backquotes: no escapes, carriage returns fall out. */
export function scanRaw(text: string, start: number): StringLiteral {
  const end = text.indexOf("`", start + 1);
  if (end < 0) return { end: text.length, value: "", error: "literal not terminated" };
  return { end: end + 1, value: text.slice(start + 1, end).replaceAll("\r", ""), error: undefined };
}

function readPlain(text: string, at: number, value: Decoded): number {
  plain.lastIndex = at;
  const run = plain.exec(text)?.[0] ?? text[at]!;
  value.add(run);
  return at + run.length;
}

function readEscape(
  text: string,
  at: number,
  quote: string,
  value: Decoded,
): { end: number; error: string | undefined } {
  const char = text[at] ?? "";
  const simple = char === quote ? quote : simpleEscapes[char];
  if (simple !== undefined) {
    value.add(simple);
    return { end: at + 1, error: undefined };
  }
  numericEscape.lastIndex = at;
  const match = numericEscape.exec(text);
  if (match === null) return { end: at, error: "invalid char escape" };
  const [all, octal, hex, short, long] = match;
  const byte = octal === undefined ? hex && Number.parseInt(hex, 16) : Number.parseInt(octal, 8);
  const valid = typeof byte === "number" ? value.addByte(byte) : value.addPoint(Number.parseInt((short ?? long)!, 16));
  return { end: at + all.length, error: valid ? undefined : "invalid syntax" };
}

/** The decoded text. `\xHH` gives single bytes, which become text once the whole is known. */
class Decoded {
  #parts: (string | number)[] = [];
  #hasBytes = false;

  add(text: string): void {
    this.#parts.push(text);
  }

  addByte(byte: number): boolean {
    this.#hasBytes ||= byte >= 0x80;
    this.#parts.push(byte < 0x80 ? String.fromCharCode(byte) : byte);
    return byte < 256;
  }

  addPoint(point: number): boolean {
    const valid = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    if (valid) this.#parts.push(String.fromCodePoint(point));
    return valid;
  }

  text(): string {
    if (!this.#hasBytes) return this.#parts.join("");
    return Buffer.concat(this.#parts.map((part) => Buffer.from(typeof part === "number" ? [part] : part))).toString();
  }
}
