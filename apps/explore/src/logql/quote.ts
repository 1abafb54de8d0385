/** A text as a LogQL string. */
export function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The text of a LogQL string, quoted in either way. */
export function unquote(literal: string): string {
  if (literal.startsWith("`")) return literal.slice(1, -1);
  try {
    return JSON.parse(literal.replaceAll(/\\x([0-9a-fA-F]{2})/g, String.raw`\u00$1`)) as string;
  } catch {
    return literal.slice(1, -1);
  }
}
