const escaped: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};
const special = /[<>&\u2028\u2029]/;
const specials = /[<>&\u2028\u2029]/g;

/** A line as a JSON string, safe inside HTML; invalid UTF-8 becomes U+FFFD. */
export function lineJson(line: Uint8Array): string {
  const json = JSON.stringify(Buffer.from(line.buffer, line.byteOffset, line.length).toString());
  return special.test(json) ? json.replaceAll(specials, (char) => escaped[char]!) : json;
}
