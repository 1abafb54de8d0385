import { type Matcher, RatatoskError } from "@ratatosk/model";
import type { Expr, LogExpr } from "./ast.ts";
import { parseError } from "./parse-error.ts";
import { expr } from "./parse-metric.ts";
import { checkStages } from "./stage-rules.ts";
import { TokenStream } from "./token-stream.ts";
import { validate } from "./validate.ts";

const maxBytes = 131_072;

/**
 * Reads a query. Throws bad_request with Loki's text: `parse error at line 1, col 9: syntax error: …`.
 * Everything that can be known without the template engine is checked, also each stage (`parse error : stage '…' : …`).
 */
export function parse(text: string): Expr {
  const query = parseUnchecked(text);
  checkStages(query);
  return query;
}

/** Reads a query as `format_query` does: what is wrong inside a stage's text goes unnoticed. */
export function parseUnchecked(text: string): Expr {
  const tokens = open(text);
  const query = parseAll(tokens);
  validate(query, tokens.faults);
  return query;
}

/** A selector may select every stream (`{}`, `{app=~".*"}`) only where that is said. */
export interface SelectorOptions {
  readonly allowAll?: boolean;
}

/** Reads a query for lines, as tail and delete requests ask for one. Throws bad_request also for a metric query. */
export function parseLogQuery(text: string, options: SelectorOptions = {}): LogExpr {
  const query = parseLog(text, options);
  if (query.kind !== "log") throw new RatatoskError("bad_request", "only log selector is supported");
  checkStages(query);
  return query;
}

/** Reads `{app="cart", env!="qa"}` of a request for labels, series or volume. Throws bad_request also for stages. */
export function parseSelector(text: string, options: SelectorOptions = {}): readonly Matcher[] {
  const query = parseLog(text, options);
  if (query.kind !== "log" || query.stages.length > 0)
    throw new RatatoskError("bad_request", "only label matchers are supported");
  return query.matchers;
}

function parseLog(text: string, { allowAll = false }: SelectorOptions): Expr {
  const tokens = open(text);
  const query = parseAll(tokens);
  if (query.kind !== "log" || !allowAll) validate(query, tokens.faults);
  return query;
}

function parseAll(tokens: TokenStream): Expr {
  const query = expr(tokens);
  if (!tokens.is("$end")) throw tokens.unexpected();
  return query;
}

function open(text: string): TokenStream {
  const size = text.length < maxBytes / 3 ? 0 : Buffer.byteLength(text);
  if (size >= maxBytes) throw parseError(`input size too long (${size} > ${maxBytes})`);
  return new TokenStream(text);
}
