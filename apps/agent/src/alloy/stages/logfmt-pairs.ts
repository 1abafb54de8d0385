const pair = /([^\s="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?/g;

/** The pairs of a logfmt line; a name without a value has the empty one. */
export function logfmtPairs(line: string): [name: string, value: string][] {
  return Array.from(line.matchAll(pair), ([, name, quoted, plain]) => [
    name!,
    quoted === undefined ? (plain ?? "") : unescapeText(quoted),
  ]);
}

function unescapeText(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`) as string;
  } catch {
    return quoted;
  }
}
