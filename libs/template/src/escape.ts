import { fromBytes, toBytes } from "./byte-text.ts";

const htmlNames: Record<string, string> = {
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\0": "\ufffd",
};

export const escapeHtml = (text: string): string => text.replace(/["'&<>\0]/g, (char) => htmlNames[char]!);

const jsNames: Record<string, string> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

/** Text for inside a JavaScript literal. */
export const escapeJs = (text: string): string =>
  text.replace(/[\\'"<>&=]|[\p{C}\p{Zl}\p{Zp}]|[^\P{Zs} ]/gu, (char) => jsNames[char] ?? unicodeEscape(char));

const unicodeEscape = (char: string): string =>
  `\\u${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;

/** Text as a part of a URL's query: a blank becomes `+`. */
export function escapeQuery(text: string): string {
  let escaped = "";
  for (const byte of toBytes(text)) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9_.~-]/.test(char)) escaped += char;
    else escaped += char === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return escaped;
}

/** The text of a URL's query part. Throws where an escape is wrong. */
export function unescapeQuery(text: string): string {
  const wrong = /%(?![\da-fA-F]{2}).{0,2}/s.exec(text);
  if (wrong) throw new Error(`invalid URL escape ${JSON.stringify(wrong[0])}`);
  if (!text.includes("%")) return text.replaceAll("+", " ");
  const parts = text.split(/(%[\da-fA-F]{2})/);
  return fromBytes(
    Buffer.concat(
      parts.map((part, at) =>
        at % 2 === 1 ? Uint8Array.of(Number.parseInt(part.slice(1), 16)) : toBytes(part.replaceAll("+", " ")),
      ),
    ),
  );
}
