import type { Matcher } from "@ratatosk/model";
import type { Expr, LogExpr } from "./ast.ts";
import { parseError } from "./parse-error.ts";
import { expr } from "./parse-metric.ts";
import { selector } from "./parse-selector.ts";
import { checkStages } from "./stage-rules.ts";
import { TokenStream } from "./token-stream.ts";
import { checkSelector, validate } from "./validate.ts";

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
  const query = expr(tokens);
  if (!tokens.is("$end")) throw tokens.unexpected();
  validate(query, tokens.faults);
  return query;
}

/** Reads a query for lines, as tail and delete requests ask for one. */
export function parseLogQuery(text: string): LogExpr {
  const query = parse(text);
  if (query.kind !== "log") throw parseError("only log selector is supported");
  return query;
}

/** Reads `{app="cart", env!="qa"}` of a labels, series or volume request; with `allowEmpty` it may select every stream. */
export function parseSelector(text: string, options: { readonly allowEmpty?: boolean } = {}): Matcher[] {
  const tokens = open(text);
  const matchers = selector(tokens);
  if (!tokens.is("$end")) throw tokens.unexpected();
  if (!options.allowEmpty) checkSelector(matchers);
  return matchers;
}

function open(text: string): TokenStream {
  const size = text.length < maxBytes / 3 ? 0 : Buffer.byteLength(text);
  if (size >= maxBytes) throw parseError(`input size too long (${size} > ${maxBytes})`);
  return new TokenStream(text);
}
