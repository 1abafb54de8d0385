import { type Part, partsOf } from "./parts.ts";
import { quote } from "./quote.ts";

/** Where a name of a line comes from: the stream, what was sent with the line, or what a stage found in it. */
export type Origin = "stream" | "metadata" | "parsed";

/** The query with a matcher in its selector. */
export function addMatcher(query: string, name: string, op: string, value: string): string {
  const { selector } = partsOf(query);
  const matcher = `${name}${op}${quote(value)}`;
  if (selector === undefined) return `{${matcher}} ${query.trim()}`.trim();
  const inside = query
    .slice(selector.from + 1, selector.to - 1)
    .trim()
    .replace(/,$/, "");
  return splice(query, selector.from, selector.to, `{${inside === "" ? "" : `${inside}, `}${matcher}}`);
}

/** The query with a stage at the end of its pipeline, `|= "text"` or `| json`. */
export function addStage(query: string, stage: string): string {
  const { lines } = partsOf(query);
  if (lines === undefined) return query;
  return splice(query, lines.to, lines.to, ` ${stage}`);
}

/** The query without a part. */
export function removePart(query: string, part: Part): string {
  if (part.kind !== "matcher") {
    const before = query.slice(0, part.from).trimEnd();
    const after = query.slice(part.to);
    return (
      before +
      (after.startsWith(" ") || after === "" || after.startsWith("[") || after.startsWith(")") ? after : ` ${after}`)
    );
  }
  const after = /^\s*,\s*/.exec(query.slice(part.to));
  if (after !== null) return splice(query, part.from, part.to + after[0].length, "");
  const before = /,?\s*$/.exec(query.slice(0, part.from))!;
  return splice(query, part.from - before[0].length, part.to, "");
}

/** The query with another operator or value in a part. */
export function changePart(query: string, part: Part, op: string, value: string): string {
  switch (part.kind) {
    case "matcher":
      return splice(query, part.from, part.to, `${part.name}${op}${quote(value)}`);
    case "label":
      return splice(query, part.from, part.to, `| ${part.name} ${op} ${literal(op, value)}`);
    case "line":
      return splice(query, part.from, part.to, `${op} ${quote(value)}`);
    case "stage":
      return splice(query, part.from, part.to, value);
  }
}

/** A number compared by size is not quoted. */
const literal = (op: string, value: string): string =>
  /^([<>]=?|==)$/.test(op) && /^[\d.]+[a-zA-Zµ]*$/.test(value) ? value : quote(value);

/** The query for lines with (or without) a value. Of a stream it is a matcher, else a stage at the end. */
export function filterBy(query: string, origin: Origin, name: string, value: string, keep: boolean): string {
  const op = keep ? "=" : "!=";
  const known = partsOf(query).parts.find(
    (part) => (part.kind === "matcher" || part.kind === "label") && part.name === name && part.op === op && keep,
  );
  if (known !== undefined) return changePart(query, known, op, value);
  if (origin !== "stream") return addStage(query, `| ${name}${op}${quote(value)}`);
  return addMatcher(query, name, op, value);
}

const splice = (text: string, from: number, to: number, by: string): string =>
  text.slice(0, from) + by + text.slice(to);
