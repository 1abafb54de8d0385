import { checkRegex, RegexError } from "@ratatosk/regex";
import type { Expr, LabelAssignment, LabelFilter, LineFilter, LogExpr, Stage, Unwrap } from "./ast.ts";
import { ConversionError } from "./go-float.ts";
import { parseIpPattern } from "./ip-pattern.ts";
import { parseJsonPath, parseLogfmtKey } from "./json-path.ts";
import { parseError } from "./parse-error.ts";
import { checkPatternFilter, PatternError } from "./pattern.ts";
import { printStage } from "./print.ts";

/** Throws bad_request for the first stage that cannot be built (templates are left to the template engine). */
export function checkStages(expr: Expr): void {
  switch (expr.kind) {
    case "log":
      return checkLog(expr);
    case "range-aggregation":
      return checkLog(expr.log, expr.unwrap);
    case "vector-aggregation":
    case "label-replace":
      return checkStages(expr.expr);
    case "binary":
      checkStages(expr.left);
      return checkStages(expr.right);
    case "literal":
    case "vector":
      return undefined;
  }
}

/** The error of a stage that cannot be built: `parse error : stage '|~ "("' : …`. */
export function stageError(stage: Stage, reason: string): Error {
  return parseError(`stage '${printStage(stage)}' : ${reason}`);
}

function checkLog({ stages }: LogExpr, unwrap?: Unwrap): void {
  const after = unwrap?.filters.map((filter): Stage => ({ kind: "label-filter", filter })) ?? [];
  for (const stage of [...stages, ...after]) checkStage(stage);
}

function checkStage(stage: Stage): void {
  try {
    check(stage);
  } catch (error) {
    const known = error instanceof RegexError || error instanceof ConversionError || error instanceof PatternError;
    throw known ? stageError(stage, error.message) : error;
  }
}

function check(stage: Stage): void {
  switch (stage.kind) {
    case "line-filter":
      return checkLineFilter(stage);
    case "json":
      return stage.extractions.forEach(({ source }) => void parseJsonPath(source));
    case "logfmt":
      return stage.extractions.forEach(({ source }) => void parseLogfmtKey(source));
    case "label-filter":
      return checkLabelFilter(stage.filter);
    case "label-format":
      return checkAssignments(stage.formats);
    case "regexp":
    case "pattern":
    case "unpack":
    case "line-format":
    case "decolorize":
    case "drop":
    case "keep":
      return undefined;
  }
}

function checkLineFilter({ op, operands }: LineFilter): void {
  for (const { ip, value } of operands) {
    if (ip && op !== "|=" && op !== "!=") throw new ConversionError("ip: invalid operation");
    if (ip) parseIpPattern(value);
    else if (op === "|~" || op === "!~") checkRegex(value);
    else if (op === "|>" || op === "!>") checkPatternFilter(value);
  }
}

function checkLabelFilter(filter: LabelFilter): void {
  switch (filter.kind) {
    case "and":
    case "or":
      checkLabelFilter(filter.left);
      return checkLabelFilter(filter.right);
    case "ip":
      return void parseIpPattern(filter.pattern);
    case "string":
    case "number":
    case "duration":
    case "bytes":
      return undefined;
  }
}

function checkAssignments(formats: readonly LabelAssignment[]): void {
  const seen = new Set<string>();
  for (const { label } of formats) {
    if (label === "__error__") throw new ConversionError("__error__ cannot be formatted");
    if (seen.has(label))
      throw new ConversionError(`multiple label name '${label}' not allowed in a single format operation`);
    seen.add(label);
  }
}
