const capture = /<([A-Za-z_]\w*)>/g;

type Part = { readonly literal: string } | { readonly name: string };

/** Finds what stands where a pattern such as `<ip> - <_> "<method> …"` has its names; undefined where it does not fit. */
export function compilePattern(pattern: string): (line: string) => [name: string, value: string][] | undefined {
  const parts = split(pattern);
  if (!parts.some((part) => "name" in part && part.name !== "_"))
    throw new Error("pattern: at least one capture is required");
  if (parts.some((part, at) => "name" in part && "name" in (parts[at + 1] ?? { literal: "" })))
    throw new Error("pattern: consecutive captures are not allowed");
  return (line) => match(parts, line);
}

function split(pattern: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of pattern.matchAll(capture)) {
    if (found.index > end) parts.push({ literal: pattern.slice(end, found.index) });
    parts.push({ name: found[1]! });
    end = found.index + found[0].length;
  }
  if (end < pattern.length) parts.push({ literal: pattern.slice(end) });
  return parts;
}

/** A leading literal stands at the beginning; each capture goes up to the literal behind it, the last to the end. */
function match(parts: readonly Part[], line: string): [string, string][] | undefined {
  const found: [string, string][] = [];
  const soFar = (): [string, string][] | undefined => (found.length > 0 ? found : undefined);
  let at = 0;
  for (const [i, part] of parts.entries()) {
    if ("literal" in part) {
      if (!line.startsWith(part.literal, at)) return soFar();
      at += part.literal.length;
      continue;
    }
    const next = parts[i + 1];
    const end = next !== undefined && "literal" in next ? line.indexOf(next.literal, at) : line.length;
    if (end < 0) return soFar();
    if (part.name !== "_") found.push([part.name, line.slice(at, end)]);
    at = end;
  }
  return found;
}
