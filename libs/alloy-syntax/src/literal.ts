const escape = /\\(?:([abfnrtv\\"])|([0-7]{3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))|[^\\]+/g;
const controls: Record<string, string> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** The text of a string literal, quoted or raw. Octal and `\x` escapes are bytes of UTF-8. */
export function unquote(literal: string): string {
  const body = literal.slice(1, -1);
  if (literal.startsWith("`")) return body.replaceAll("\r", "");
  if (!body.includes("\\")) return body;
  const parts: Buffer[] = [];
  for (const [whole, short, octal, hex, small, large] of body.matchAll(escape)) {
    const byte = octal === undefined ? hex && Number.parseInt(hex, 16) : Number.parseInt(octal, 8);
    if (typeof byte === "number") parts.push(Buffer.from([byte & 0xff]));
    else parts.push(Buffer.from(character(whole, short, small ?? large)));
  }
  return Buffer.concat(parts).toString("utf8");
}

function character(whole: string, short: string | undefined, code: string | undefined): string {
  if (short !== undefined) return controls[short] ?? short;
  if (code === undefined) return whole;
  const point = Number.parseInt(code, 16);
  return point > 0x10ffff ? "\ufffd" : String.fromCodePoint(point);
}

/** A whole number; one that begins with 0 is octal, one that is too large for 64 bits a float. */
export function integerLiteral(text: string): bigint | number {
  const value = /^0\d/.test(text) ? BigInt(`0o${text.slice(1)}`) : BigInt(text);
  return value < 2n ** 63n ? value : Number(value);
}

/** A text as a string literal. */
export function quoteAlloy(text: string): string {
  let quoted = "";
  for (const char of text) quoted += escapeCharacter(char);
  return `"${quoted}"`;
}

const names: Record<string, string> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

function escapeCharacter(char: string): string {
  if (names[char] !== undefined) return names[char];
  if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(char)) return char;
  const code = char.codePointAt(0)!;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}
