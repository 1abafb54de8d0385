import type { Matcher } from "@ratatosk/model";
import type { LogExpr, Stage, Unwrap } from "./ast.ts";
import { labelFilter } from "./parse-label-filter.ts";
import { selector } from "./parse-selector.ts";
import { stage, stageStarts } from "./parse-stage.ts";
import type { TokenStream } from "./token-stream.ts";

/** A log expression with the window that a range aggregation takes of it. */
export interface LogRange {
  readonly log: LogExpr;
  readonly unwrap?: Unwrap;
  readonly rangeNs: number;
  readonly offsetNs: number;
}

/** `{…} | stage | stage`. */
export function logExpr(tokens: TokenStream): LogExpr {
  return { kind: "log", matchers: selector(tokens), stages: pipeline(tokens) };
}

function pipeline(tokens: TokenStream): Stage[] {
  const stages: Stage[] = [];
  while (stageStarts.has(tokens.peek().kind)) {
    tokens.stage();
    stages.push(stage(tokens));
  }
  return stages;
}

/** What stands in the parentheses of a range aggregation; the window may follow the selector or the stages. */
export function logRange(tokens: TokenStream): LogRange {
  if (!tokens.accept("(")) return openRange(tokens);
  if (tokens.is("("))
    return closing(
      tokens,
      tokens.nested(() => logRange(tokens)),
    );
  if (!tokens.is("{")) throw tokens.unexpected(["{", "("]);
  const body = rangeBody(tokens, true);
  return "rangeNs" in body ? closing(tokens, body) : windowAfterParenthesis(tokens, body);
}

function closing(tokens: TokenStream, range: LogRange): LogRange {
  tokens.expect(")");
  return range;
}

function openRange(tokens: TokenStream): LogRange {
  const body = rangeBody(tokens, false);
  if ("rangeNs" in body) return body;
  throw tokens.unexpected();
}

type Body = Omit<LogRange, "rangeNs" | "offsetNs">;

/** A selector with stages, and its window unless that stands behind the closing parenthesis. */
function rangeBody(tokens: TokenStream, parenthesised: boolean): LogRange | Body {
  const matchers = selector(tokens);
  if (tokens.is("RANGE")) {
    const window = windowOf(tokens);
    return { ...stagesAndUnwrap(tokens, matchers), ...window };
  }
  const body = stagesAndUnwrap(tokens, matchers);
  if (tokens.is("RANGE")) return { ...body, ...windowOf(tokens) };
  if (parenthesised && tokens.is(")")) return body;
  if (body.unwrap === undefined) throw tokens.unexpected();
  throw tokens.unexpected(parenthesised ? ["RANGE", ")", "|"] : ["RANGE", "|"]);
}

function windowAfterParenthesis(tokens: TokenStream, body: Body): LogRange {
  tokens.expect(")");
  if (!tokens.is("RANGE")) throw tokens.unexpected(["RANGE"]);
  const window = windowOf(tokens);
  const bare = body.log.stages.length === 0 && body.unwrap === undefined;
  if (!bare || !tokens.accept("|")) return { ...body, ...window };
  return { ...body, ...window, unwrap: unwrap(tokens) };
}

function windowOf(tokens: TokenStream): { rangeNs: number; offsetNs: number } {
  const rangeNs = tokens.expect("RANGE").number;
  const offsetNs = tokens.accept("offset") ? tokens.expect("DURATION").number : 0;
  return { rangeNs, offsetNs };
}

function stagesAndUnwrap(tokens: TokenStream, matchers: Matcher[]): Body {
  const stages: Stage[] = [];
  while (stageStarts.has(tokens.peek().kind)) {
    tokens.stage();
    const next = stage(tokens, { unwrap: () => unwrap(tokens) });
    if (!("filters" in next)) stages.push(next);
    else return { log: { kind: "log", matchers, stages }, unwrap: next };
  }
  return { log: { kind: "log", matchers, stages } };
}

const conversions: Record<string, NonNullable<Unwrap["conversion"]>> = {
  BYTES_CONV: "bytes",
  DURATION_CONV: "duration",
  DURATION_SECONDS_CONV: "duration_seconds",
};

/** `unwrap label` or `unwrap conversion(label)`, then label filters alone. */
function unwrap(tokens: TokenStream): Unwrap {
  tokens.expect("unwrap");
  const first = tokens.expect("IDENTIFIER", "BYTES_CONV", "DURATION_CONV", "DURATION_SECONDS_CONV");
  const conversion = conversions[first.kind];
  if (conversion === undefined) return { label: first.text, filters: filtersAfterUnwrap(tokens) };
  tokens.expect("(");
  const label = tokens.expect("IDENTIFIER").text;
  tokens.expect(")");
  return { label, conversion, filters: filtersAfterUnwrap(tokens) };
}

function filtersAfterUnwrap(tokens: TokenStream): Unwrap["filters"] {
  const filters = [];
  while (tokens.accept("|")) filters.push(labelFilter(tokens));
  return filters;
}
