import { type Expr, print } from "@ratatosk/logql";
import { compileRegex, type Regex } from "@ratatosk/regex";
import type { QueryLimits } from "./query-limits.ts";

type BlockedQuery = QueryLimits["blocked_queries"][number];

/** A query as it was asked. */
export interface AskedQuery {
  readonly text: string;
  readonly expr: Expr;
  /** Of `X-Query-Tags`. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Whether one of the entries of `blocked_queries` forbids the query. */
export function isBlocked(query: AskedQuery, blocked: readonly BlockedQuery[]): boolean {
  return blocked.some(
    (entry) => hasType(query.expr, entry.types) && hasTags(query.tags, entry.tags) && hasText(query, entry),
  );
}

function hasText({ text, expr }: AskedQuery, { pattern, regex, hash }: BlockedQuery): boolean {
  if (hash !== 0) return fnv32(text.trim()) === hash;
  if (pattern === "") return true;
  // However it is written: white space does not make another query.
  const texts = [text.trim(), print(expr)];
  if (!regex) return texts.includes(pattern.trim());
  const expression = compiled(pattern);
  return expression !== undefined && texts.some((one) => expression.test(one));
}

/** A pattern that is no expression blocks nothing. */
function compiled(pattern: string): Regex | undefined {
  try {
    return compileRegex(pattern);
  } catch {
    return undefined;
  }
}

function hasType(expr: Expr, types: string): boolean {
  if (types.trim() === "") return true;
  return types.split(",").some((type) => type.trim() === typeOf(expr));
}

function typeOf(expr: Expr): string {
  if (expr.kind !== "log") return "metric";
  return expr.stages.length > 0 ? "filter" : "limited";
}

function hasTags(tags: AskedQuery["tags"], wanted: Readonly<Record<string, string>>): boolean {
  const own = new Map(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]));
  return Object.entries(wanted).every(([name, value]) => own.get(name.toLowerCase()) === value.toLowerCase());
}

/** FNV-1, 32 bits, of the text's UTF-8. */
function fnv32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  return hash;
}
