import type { BinaryExpr, Expr, LabelReplace, LogExpr, RangeAggregation, VectorAggregation } from "./ast.ts";
import {
  print,
  printGrouping,
  printOperator,
  printParam,
  printSelector,
  printStage,
  printUnwrap,
  printVectorHead,
  printWindow,
  replaceTexts,
} from "./print.ts";

const maxWidth = 100;

/** The text of a query as `format_query` answers it: broken into indented lines where one would be too long. */
export function prettyPrint(expr: Expr): string {
  return lines(expr).join("\n");
}

function lines(expr: Expr): string[] {
  const oneLine = print(expr);
  return oneLine.length <= maxWidth ? [oneLine] : broken(expr);
}

function broken(expr: Expr): string[] {
  switch (expr.kind) {
    case "log":
      return logLines(expr);
    case "range-aggregation":
      return rangeLines(expr);
    case "vector-aggregation":
      return vectorLines(expr);
    case "label-replace":
      return labelReplaceLines(expr);
    case "binary":
      return binaryLines(expr);
    case "literal":
    case "vector":
      return [print(expr)];
  }
}

function logLines({ matchers, stages }: LogExpr): string[] {
  return [printSelector(matchers), ...indented(stages.map(printStage))];
}

function rangeLines(expr: RangeAggregation): string[] {
  const inner = logLines(expr.log);
  if (expr.unwrap !== undefined) inner.push(...indented([printUnwrap(expr.unwrap)]));
  const window = indented([printWindow(expr)]);
  const param = expr.param === undefined ? [] : [printParam(expr)];
  return [`${expr.op}(`, ...indented([...param, ...inner, ...window]), `)${printGrouping(expr.grouping)}`];
}

function vectorLines(expr: VectorAggregation): string[] {
  const param = expr.param === undefined ? [] : [printParam(expr)];
  return [`${printVectorHead(expr)}(`, ...indented([...param, ...lines(expr.expr)]), ")"];
}

function labelReplaceLines(expr: LabelReplace): string[] {
  const inner = lines(expr.expr);
  const texts = replaceTexts(expr);
  return [
    "label_replace(",
    ...indented([...commaAfter(inner), ...texts.map((text, i) => (i < 3 ? `${text},` : text))]),
    ")",
  ];
}

function commaAfter(text: string[]): string[] {
  return [...text.slice(0, -1), `${text.at(-1)},`];
}

function binaryLines(expr: BinaryExpr): string[] {
  return ["(", ...indented(lines(expr.left)), printOperator(expr), ...indented(lines(expr.right)), ")"];
}

function indented(text: readonly string[]): string[] {
  return text.map((line) => `  ${line}`);
}
