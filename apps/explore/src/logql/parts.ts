import type { SyntaxNode } from "@lezer/common";
import { parser } from "@grafana/lezer-logql";
import { unquote } from "./quote.ts";

/** A place in the text of a query. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A piece of a query that the builder shows as a chip. */
export type Part = Span &
  (
    | { readonly kind: "matcher"; readonly name: string; readonly op: string; readonly value: string }
    | { readonly kind: "line"; readonly op: string; readonly value: string }
    | { readonly kind: "label"; readonly name: string; readonly op: string; readonly value: string }
    | { readonly kind: "stage"; readonly text: string }
  );

/** What a query is made of, as far as a person who does not write LogQL needs to see. */
export interface QueryParts {
  readonly kind: "empty" | "logs" | "metric";
  readonly isBroken: boolean;
  readonly parts: readonly Part[];
  /** The first selection of lines in it: the whole query where it is one. */
  readonly lines: Span | undefined;
  readonly selector: Span | undefined;
}

export function partsOf(text: string): QueryParts {
  const found: Found = { parts: [], selector: undefined, end: undefined, isMetric: false };
  const tree = parser.parse(text);
  tree.iterate({ enter: ({ node }) => visit(node, text, found) });
  const { selector, end, parts, isMetric } = found;
  let isBroken = false;
  tree.iterate({ enter: ({ type }) => void (isBroken ||= type.isError) });
  const lines = selector && { from: selector.from, to: end ?? selector.to };
  const kind = text.trim() === "" ? "empty" : isMetric ? "metric" : "logs";
  return { kind, isBroken, parts, lines, selector };
}

interface Found {
  parts: Part[];
  selector: Span | undefined;
  end: number | undefined;
  isMetric: boolean;
}

/** Collects the parts of the first selection of lines; returns whether to look inside the node. */
function visit(node: SyntaxNode, text: string, found: Found): boolean {
  const isFirst = found.end === undefined || node.from < found.end;
  switch (node.name) {
    case "MetricExpr":
      found.isMetric = true;
      return true;
    case "Selector":
      if (found.selector !== undefined) return false;
      found.selector = { from: node.from, to: node.to };
      found.end = node.to;
      return true;
    case "PipelineExpr":
      if (found.selector !== undefined && (node.parent?.getChild("Selector")?.from ?? -1) === found.selector.from)
        found.end = node.to;
      return true;
    case "PipelineStage":
      if (isFirst) found.parts.push(...stageParts(node, text));
      return !isFirst;
    case "Matcher":
      if (isFirst && node.parent?.name === "Matchers")
        found.parts.push({ kind: "matcher", ...span(node), ...comparison(node, text) });
      return true;
    default:
      return true;
  }
}

const span = ({ from, to }: Span): Span => ({ from, to });

function stageParts(stage: SyntaxNode, text: string): Part[] {
  const filters = stage.getChild("LineFilters");
  if (filters !== null) return lineFilters(filters, text);
  const label = stage.getChild("LabelFilter");
  const matcher =
    label?.getChild("Matcher") ?? label?.getChild("NumberFilter") ?? label?.getChild("UnitFilter") ?? null;
  const isWhole = matcher !== null && matcher.from === label!.from && matcher.to === label!.to;
  if (isWhole) return [{ kind: "label", ...span(stage), ...comparison(matcher, text) }];
  const words = text.slice(stage.from, stage.to).replace(/^\|\s*/, "");
  return words === "" ? [] : [{ kind: "stage", ...span(stage), text: words }];
}

function lineFilters(node: SyntaxNode, text: string): Part[] {
  return node
    .getChildren("LineFilters")
    .flatMap((inner) => lineFilters(inner, text))
    .concat(
      node.getChildren("LineFilter").map((filter): Part => {
        const string = filter.getChild("String");
        const isPlain = string !== null && filter.getChild("OrFilter") === null && filter.getChild("FilterOp") === null;
        const whole = text.slice(filter.from, filter.to);
        if (!isPlain) return { kind: "stage", ...span(filter), text: whole };
        const op = text.slice(filter.from, string.from).trim();
        return { kind: "line", ...span(filter), op, value: unquote(text.slice(string.from, string.to)) };
      }),
    );
}

function comparison(node: SyntaxNode, text: string): { name: string; op: string; value: string } {
  const whole = text.slice(node.from, node.to);
  const match = /^\s*([^\s=!<>~]+)\s*(=~|!~|!=|==|>=|<=|=|>|<)\s*([\s\S]*)$/.exec(whole);
  const [, name = whole, op = "", value = ""] = match ?? [];
  return { name, op, value: /^["`]/.test(value) ? unquote(value) : value };
}
