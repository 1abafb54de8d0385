import type { CompareOp, IpLabelFilter, LabelFilter, StringLabelFilter, TypedLabelFilter } from "@ratatosk/logql";
import { IpMatcher } from "../ip.ts";
import { errorDetailsLabel, errorLabel } from "../row.ts";
import { parseGoBytes } from "../values/go-bytes.ts";
import { parseGoDuration } from "../values/go-duration.ts";
import { parseGoFloat } from "../values/go-float.ts";
import { valueTest } from "./label-matcher.ts";
import type { Stage } from "./stage.ts";

const labelFilterError = "LabelFilterErr";

/** `| level="error" or took > 1s`. */
export function labelFilterStage(filter: LabelFilter): Stage {
  switch (filter.kind) {
    case "and": {
      const [left, right] = [labelFilterStage(filter.left), labelFilterStage(filter.right)];
      // Both sides run, as the right one may set an error.
      return (row) => {
        const holds = left(row);
        return right(row) && holds;
      };
    }
    case "or": {
      const [left, right] = [labelFilterStage(filter.left), labelFilterStage(filter.right)];
      return (row) => left(row) || right(row);
    }
    case "string":
      return stringFilter(filter);
    case "ip":
      return ipFilter(filter);
    case "number":
      return typedFilter(filter, parseGoFloat);
    case "duration":
      return typedFilter(filter, parseGoDuration);
    case "bytes":
      return typedFilter(filter, parseGoBytes);
  }
}

function stringFilter({ matcher }: StringLabelFilter): Stage {
  const test = valueTest(matcher, false);
  const { name } = matcher;
  if (name === errorLabel) return (row) => test(row.error);
  if (name === errorDetailsLabel) {
    const holds = test("");
    return () => holds;
  }
  // The same few values come again and again.
  let [lastValue, lastAnswer] = ["", test("")];
  return (row) => {
    const value = row.get(name) ?? "";
    if (value === lastValue) return lastAnswer;
    lastValue = value;
    return (lastAnswer = test(value));
  };
}

function ipFilter({ name, op, pattern }: IpLabelFilter): Stage {
  const matcher = IpMatcher.parse(pattern)!;
  const wanted = op === "=";
  return (row) => {
    if (row.error !== "") return true;
    const value = row.get(name);
    if (value === undefined) return false;
    const bytes = Buffer.from(value);
    return matcher.matches(bytes, 0, bytes.length) === wanted;
  };
}

function typedFilter(
  { name, op, value: literal }: TypedLabelFilter,
  convert: (text: string) => number | string,
): Stage {
  const compare = comparison(op, literal);
  return (row) => {
    const text = row.get(name);
    if (text === undefined) return false;
    const value = convert(text);
    if (typeof value === "number") return compare(value);
    if (row.error === "") row.fail(labelFilterError, value);
    return true;
  };
}

function comparison(op: CompareOp, literal: number): (value: number) => boolean {
  switch (op) {
    case "==":
      return (value) => value === literal;
    case "!=":
      return (value) => value !== literal;
    case ">":
      return (value) => value > literal;
    case ">=":
      return (value) => value >= literal;
    case "<":
      return (value) => value < literal;
    case "<=":
      return (value) => value <= literal;
  }
}
