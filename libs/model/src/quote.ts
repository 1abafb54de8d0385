const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const unprintable = /[\p{C}\p{Zl}\p{Zp}]|[^\P{Zs} ]/u;
const short: Record<string, string> = {
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

/** Text as Go's strconv.Quote writes it: `"…"` with `\n`, `\x00`, `\u00a0` for what cannot be printed. */
export function quote(text: string): string {
  return plain.test(text) ? `"${text}"` : `"${Array.from(text, escape).join("")}"`;
}

function escape(char: string): string {
  const known = short[char];
  if (known !== undefined) return known;
  if (!unprintable.test(char)) return char;
  const code = char.codePointAt(0)!;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}
