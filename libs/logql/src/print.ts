import { type Matcher, quote } from "@ratatosk/model";
import type {
  BinaryExpr,
  Expr,
  Grouping,
  LabelAssignment,
  LabelChoice,
  LabelFilter,
  LineFilterOperand,
  LogExpr,
  Matching,
  RangeAggregation,
  Stage,
  Unwrap,
  VectorAggregation,
} from "./ast.ts";
import { formatByteSize } from "./byte-size.ts";
import { formatGoDuration } from "./go-duration.ts";
import { formatDecimal, formatGoFloat } from "./go-float.ts";
import { formatRangeDuration } from "./range-duration.ts";

/** The canonical text of a query on one line: `parse(print(expr))` equals `expr`. */
export function print(expr: Expr): string {
  switch (expr.kind) {
    case "log":
      return printLog(expr);
    case "range-aggregation":
      return printRangeAggregation(expr);
    case "vector-aggregation":
      return `${printVectorHead(expr)}(${printParam(expr)}${print(expr.expr)})`;
    case "binary":
      return `(${print(expr.left)} ${printOperator(expr)} ${print(expr.right)})`;
    case "literal":
      return printNumber(expr.value);
    case "vector":
      return `vector(${printNumber(expr.value)})`;
    case "label-replace":
      return `label_replace(${[print(expr.expr), ...replaceTexts(expr)].join(",")})`;
  }
}

/** The four texts of a label_replace, quoted. */
export function replaceTexts(expr: Expr & { kind: "label-replace" }): string[] {
  return [expr.target, expr.replacement, expr.source, expr.regex].map(quote);
}

function printLog({ matchers, stages }: LogExpr): string {
  return [printSelector(matchers), ...stages.map(printStage)].join(" ");
}

/** `{app="cart", env=~"qa|dev"}`. */
export function printSelector(matchers: readonly Matcher[]): string {
  return `{${matchers.map(printMatcher).join(", ")}}`;
}

function printMatcher({ name, op, value }: Matcher): string {
  return `${name}${op}${quote(value)}`;
}

/** The canonical text of one stage, as errors quote it: `|~ "("`, `| json a="b["`. */
export function printStage(stage: Stage): string {
  switch (stage.kind) {
    case "line-filter":
      return `${stage.op} ${stage.operands.map(printOperand).join(" or ")}`;
    case "json":
      return ["| json", ...printExtractions(stage.extractions)].join(" ");
    case "logfmt":
      return ["| logfmt", ...logfmtFlags(stage), ...printExtractions(stage.extractions)].join(" ");
    case "regexp":
    case "pattern":
      return `| ${stage.kind} ${quote(stage.pattern)}`;
    case "unpack":
    case "decolorize":
      return `| ${stage.kind}`;
    case "label-filter":
      return `| ${printLabelFilter(stage.filter)}`;
    case "line-format":
      return `| line_format ${quote(stage.template)}`;
    case "label-format":
      return `| label_format ${stage.formats.map(printAssignment).join(",")}`;
    case "drop":
    case "keep":
      return `| ${stage.kind} ${stage.labels.map(printChoice).join(",")}`;
  }
}

function printOperand({ ip, value }: LineFilterOperand): string {
  return ip ? `ip(${quote(value)})` : quote(value);
}

function logfmtFlags({ strict, keepEmpty }: Stage & { kind: "logfmt" }): string[] {
  return [...(strict ? ["--strict"] : []), ...(keepEmpty ? ["--keep-empty"] : [])];
}

function printExtractions(extractions: readonly { label: string; source: string }[]): string[] {
  if (extractions.length === 0) return [];
  return [extractions.map(({ label, source }) => `${label}=${quote(source)}`).join(",")];
}

function printAssignment(format: LabelAssignment): string {
  return `${format.label}=${format.kind === "rename" ? format.from : quote(format.template)}`;
}

function printChoice(choice: LabelChoice): string {
  return choice.kind === "name" ? choice.name : printMatcher(choice.matcher);
}

/** `level="error"`, `( took>1s or size>=1.5MB )`. */
export function printLabelFilter(filter: LabelFilter): string {
  switch (filter.kind) {
    case "and":
      return `( ${printLabelFilter(filter.left)} , ${printLabelFilter(filter.right)} )`;
    case "or":
      return `( ${printLabelFilter(filter.left)} or ${printLabelFilter(filter.right)} )`;
    case "string":
      return printMatcher(filter.matcher);
    case "ip":
      return `${filter.name}${filter.op}ip(${quote(filter.pattern)})`;
    case "number":
      return `${filter.name}${filter.op}${printNumber(filter.value)}`;
    case "duration":
      return `${filter.name}${filter.op}${formatGoDuration(filter.value)}`;
    case "bytes":
      return `${filter.name}${filter.op}${formatByteSize(filter.value)}`;
  }
}

function printRangeAggregation(expr: RangeAggregation): string {
  const unwrap = expr.unwrap ? ` ${printUnwrap(expr.unwrap)}` : "";
  return `${expr.op}(${printParam(expr)}${printLog(expr.log)}${unwrap}${printWindow(expr)})${printGrouping(expr.grouping)}`;
}

/** `[5m] offset 1h0m0s`. */
export function printWindow({ rangeNs, offsetNs }: RangeAggregation): string {
  return `[${formatRangeDuration(rangeNs)}]${offsetNs === 0 ? "" : ` offset ${formatGoDuration(offsetNs)}`}`;
}

/** `| unwrap duration(took) | took<5s`. */
export function printUnwrap({ label, conversion, filters }: Unwrap): string {
  const source = conversion === undefined ? label : `${conversion}(${label})`;
  return [`| unwrap ${source}`, ...filters.map((filter) => `| ${printLabelFilter(filter)}`)].join(" ");
}

/** `sum by (app)`: what stands before the parenthesis. */
export function printVectorHead({ op, grouping }: VectorAggregation): string {
  return op + printGrouping(grouping);
}

/** The parameter with its comma, or nothing. */
export function printParam({ param }: { readonly param?: number }): string {
  return param === undefined ? "" : `${formatDecimal(param)},`;
}

/** ` by (a,b)`, ` without ()`, or nothing. */
export function printGrouping(grouping: Grouping | undefined): string {
  return grouping === undefined ? "" : ` ${grouping.without ? "without" : "by"} (${grouping.labels.join(",")})`;
}

/** `+`, `== bool on (app) group_left (team)`. */
export function printOperator({ op, returnBool, matching }: BinaryExpr): string {
  return [op, ...(returnBool ? ["bool"] : []), ...(matching ? printMatching(matching) : [])].join(" ");
}

/** The parentheses of `group_left ()` stay: without them an operand in parentheses would read as its labels. */
function printMatching({ kind, labels, group, include }: Matching): string[] {
  const on = `${kind} (${labels.join(",")})`;
  return group === undefined ? [on] : [on, `group_${group} (${include.join(",")})`];
}

/** A number literal. What has no literal is written as one that reads as it: 1e999 and 0 / 0. */
export function printNumber(value: number): string {
  if (Number.isNaN(value)) return "(0 / 0)";
  if (!Number.isFinite(value)) return value > 0 ? "1e999" : "-1e999";
  return formatGoFloat(value);
}
