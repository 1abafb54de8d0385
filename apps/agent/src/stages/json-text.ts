const unsafe = /[<>&\u2028\u2029]/g;

/** JSON as Go writes it: keys sorted, no spaces, `<`, `>`, `&` and line separators escaped. */
export function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const rows = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${rows.map(([key, one]) => `${goJson(key)}:${goJson(one)}`).join(",")}}`;
  }
  return (JSON.stringify(value) ?? "null").replace(unsafe, escape);
}

const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
