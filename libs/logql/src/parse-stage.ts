import { checkRegex, RegexError } from "@ratatosk/regex";
import type {
  Extraction,
  LabelAssignment,
  LabelChoice,
  LineFilterOp,
  LineFilterOperand,
  LogfmtParser,
  Stage,
  Unwrap,
} from "./ast.ts";
import { captureNames } from "./captures.ts";
import { labelFilter, ipPattern } from "./parse-label-filter.ts";
import { matcher } from "./parse-selector.ts";
import { parseError } from "./parse-error.ts";
import { checkPatternParser, PatternError } from "./pattern.ts";
import type { TokenStream } from "./token-stream.ts";

const lineFilterOps = ["|=", "|~", "|>", "!=", "!~", "!>"];

/** The tokens with which a stage begins. */
export const stageStarts: ReadonlySet<string> = new Set(["|", ...lineFilterOps]);

/** One stage. In a range `unwrap` is given and may stand where a stage could: it ends the pipeline. */
export function stage(tokens: TokenStream): Stage;
export function stage(tokens: TokenStream, range: { unwrap: () => Unwrap }): Stage | Unwrap;
export function stage(tokens: TokenStream, range?: { unwrap: () => Unwrap }): Stage | Unwrap {
  if (!tokens.is("|")) return lineFilter(tokens);
  tokens.take();
  const { kind } = tokens.peek();
  if (range !== undefined && kind === "unwrap") return range.unwrap();
  if (kind === "IDENTIFIER" || kind === "(") return { kind: "label-filter", filter: labelFilter(tokens) };
  const rule = rules[kind];
  if (rule === undefined) throw tokens.unexpected();
  tokens.take();
  return rule(tokens);
}

const rules: Record<string, (tokens: TokenStream) => Stage> = {
  json: (tokens) => ({ kind: "json", extractions: extractions(tokens) }),
  logfmt,
  regexp: (tokens) => ({ kind: "regexp", pattern: checked(regexpPattern, tokens.expect("STRING").string) }),
  pattern: (tokens) => ({ kind: "pattern", pattern: checked(parserPattern, tokens.expect("STRING").string) }),
  unpack: () => ({ kind: "unpack" }),
  line_format: (tokens) => ({ kind: "line-format", template: tokens.expect("STRING").string }),
  label_format: (tokens) => ({ kind: "label-format", formats: list(tokens, labelAssignment) }),
  decolorize: () => ({ kind: "decolorize" }),
  drop: (tokens) => ({ kind: "drop", labels: list(tokens, labelChoice) }),
  keep: (tokens) => ({ kind: "keep", labels: list(tokens, labelChoice) }),
};

function list<T>(tokens: TokenStream, item: (tokens: TokenStream) => T): T[] {
  const items = [item(tokens)];
  while (tokens.accept(",")) items.push(item(tokens));
  return items;
}

function lineFilter(tokens: TokenStream): Stage {
  const op = tokens.take().kind as LineFilterOp;
  const operands = [lineFilterOperand(tokens)];
  while (tokens.accept("or")) operands.push(lineFilterOperand(tokens));
  return { kind: "line-filter", op, operands };
}

function lineFilterOperand(tokens: TokenStream): LineFilterOperand {
  if (tokens.is("ip")) return { ip: true, value: ipPattern(tokens) };
  return { ip: false, value: tokens.expect("STRING", "ip").string };
}

function logfmt(tokens: TokenStream): LogfmtParser {
  const flags = new Set<string>();
  while (tokens.is("FUNCTION_FLAG")) flags.add(tokens.take().string);
  return {
    kind: "logfmt",
    strict: flags.has("strict"),
    keepEmpty: flags.has("keep-empty"),
    extractions: extractions(tokens),
  };
}

function extractions(tokens: TokenStream): Extraction[] {
  return tokens.is("IDENTIFIER") ? list(tokens, extraction) : [];
}

function extraction(tokens: TokenStream): Extraction {
  const label = tokens.expect("IDENTIFIER").text;
  return { label, source: tokens.accept("=") ? tokens.expect("STRING").string : label };
}

function labelAssignment(tokens: TokenStream): LabelAssignment {
  const label = tokens.expect("IDENTIFIER").text;
  tokens.expect("=");
  const right = tokens.expect("IDENTIFIER", "STRING");
  if (right.kind === "STRING") return { kind: "template", label, template: right.string };
  return { kind: "rename", label, from: right.text };
}

function labelChoice(tokens: TokenStream): LabelChoice {
  const name = tokens.expect("IDENTIFIER").text;
  const op = tokens.peek().kind;
  if (op !== "=" && op !== "!=" && op !== "=~" && op !== "!~") return { kind: "name", name };
  tokens.take();
  return { kind: "matcher", matcher: matcher(tokens, name, op) };
}

function checked(check: (pattern: string) => void, pattern: string): string {
  check(pattern);
  return pattern;
}

function regexpPattern(pattern: string): void {
  try {
    captureNames(checkRegex(pattern));
  } catch (error) {
    throw error instanceof RegexError ? parseError(`invalid regexp parser: ${error.message}`) : error;
  }
}

function parserPattern(pattern: string): void {
  try {
    checkPatternParser(pattern);
  } catch (error) {
    throw error instanceof PatternError ? parseError(`invalid pattern parser: ${error.message}`) : error;
  }
}
