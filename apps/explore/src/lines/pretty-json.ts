/** A line that is a JSON object or array, indented; undefined for any other. */
export function prettyJson(line: string): string | undefined {
  const first = line.trimStart()[0];
  if (first !== "{" && first !== "[") return undefined;
  try {
    JSON.parse(line);
  } catch {
    return undefined;
  }
  return indent(line.trim());
}

/** Indents the text itself, so that large numbers and repeated keys stay what they are. */
function indent(text: string): string {
  let out = "";
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '"') {
      const end = stringEnd(text, at);
      out += text.slice(at, end);
      at = end - 1;
    } else if (char === "{" || char === "[") {
      const close = nextVisible(text, at + 1);
      if (text[close] === "}" || text[close] === "]") {
        out += char + text[close];
        at = close;
      } else out += char + newline(++depth);
    } else if (char === "}" || char === "]") out += newline(--depth) + char;
    else if (char === ",") out += char + newline(depth);
    else if (char === ":") out += ": ";
    else if (!/\s/.test(char)) out += char;
  }
  return out;
}

const newline = (depth: number): string => `\n${"  ".repeat(depth)}`;

function stringEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function nextVisible(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? "")) at++;
  return at;
}
