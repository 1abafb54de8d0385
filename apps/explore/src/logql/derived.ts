import { partsOf } from "./parts.ts";

/** The query that counts the lines of `query` by level, or undefined where it has none. */
export function volumeQuery(query: string, stepSeconds: number): string | undefined {
  const { lines, isBroken } = partsOf(query);
  if (lines === undefined || isBroken) return undefined;
  return `sum by (detected_level) (count_over_time(${query.slice(lines.from, lines.to)} [${stepSeconds}s]))`;
}

/** The selector of a query alone: what the index can be asked about. */
export function selectorOf(query: string): string | undefined {
  const { selector } = partsOf(query);
  return selector && query.slice(selector.from, selector.to);
}

/** The selector of one stream. */
export function streamSelector(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(", ")}}`;
}

/** The words that a query looks for in lines, to be marked. */
export function searchedWords(query: string): string[] {
  return partsOf(query).parts.flatMap((part) => (part.kind === "line" && part.op === "|=" ? [part.value] : []));
}

/** Where an error message of the server says that the query is wrong: `line 1, col 8`. */
export function errorOffset(message: string, query: string): number | undefined {
  const place = /line (\d+), col (\d+)/.exec(message);
  if (place === null) return undefined;
  const before = query.split("\n").slice(0, Number(place[1]) - 1);
  return Math.min(before.reduce((sum, line) => sum + line.length + 1, 0) + Number(place[2]) - 1, query.length);
}
