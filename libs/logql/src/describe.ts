import type { RangeOp, Stage, VectorOp } from "./ast.ts";

/** How a part of the language is written, and what it does. */
export interface Description {
  readonly form: string;
  readonly text: string;
}

const form = (written: string, text: string): Description => ({ form: written, text });

/** Every stage of a log query. */
export const stageDescriptions: Readonly<Record<Stage["kind"] | "unwrap", Description>> = {
  "line-filter": form(
    '|= "text", != "text", |~ "regexp", !~ "regexp", |> "pattern", !> "pattern"',
    'Keeps lines that contain, match or look like the operand, or do not. `or` joins operands, `ip("10.0.0.0/8")` looks for an address.',
  ),
  "label-filter": form(
    '| level="error" and took > 1s or size < 10KB',
    "Keeps lines by labels, metadata and parsed fields: as text (`=`, `!=`, `=~`, `!~`), as a number, a duration or a size.",
  ),
  json: form(
    '| json [label="path", …]',
    "Parses a JSON line: all keys, nested ones joined by `_`, or those named by a path.",
  ),
  logfmt: form('| logfmt [--strict] [--keep-empty] [label="key", …]', "Parses `key=value` lines."),
  regexp: form('| regexp "(?P<name>…)"', "Labels from the named groups of an RE2 expression."),
  pattern: form('| pattern "<ip> - <_> <path>"', "Labels from the named gaps of a pattern; `<_>` skips."),
  unpack: form("| unpack", "Undoes the `pack` stage of an agent: labels from the JSON object, the line from `_entry`."),
  "line-format": form('| line_format "{{.app}}: {{.msg}}"', "Writes the line anew by a template."),
  "label-format": form('| label_format new=old, other="{{.a}}"', "Renames a label, or writes one by a template."),
  decolorize: form("| decolorize", "Removes ANSI colours from the line."),
  drop: form('| drop a, level="debug"', "Removes labels, each only where its matcher holds."),
  keep: form('| keep a, level="debug"', "Removes all labels but these."),
  unwrap: form(
    "| unwrap label, unwrap duration(label), duration_seconds(label), bytes(label)",
    "In a range aggregation: the label whose value is the sample.",
  ),
};

const overRange = (name: string, text: string): Description => form(`${name}(QUERY [5m])`, text);
const unwrapped = (name: string, text: string): Description => form(`${name}(QUERY | unwrap label [5m])`, text);

/** Every function of lines, or of unwrapped samples, over a range of time. */
export const rangeDescriptions: Readonly<Record<RangeOp, Description>> = {
  rate: form(
    "rate(QUERY [5m]), rate(QUERY | unwrap label [5m])",
    "Lines per second; with `unwrap` the sum of the values per second.",
  ),
  rate_counter: unwrapped("rate_counter", "Growth per second of a counter, resets taken into account."),
  count_over_time: overRange("count_over_time", "Number of lines."),
  bytes_over_time: overRange("bytes_over_time", "Bytes of the lines."),
  bytes_rate: overRange("bytes_rate", "Bytes of the lines per second."),
  absent_over_time: overRange("absent_over_time", "1 where there is no line at all, else nothing."),
  sum_over_time: unwrapped("sum_over_time", "Sum of the values."),
  avg_over_time: unwrapped(
    "avg_over_time",
    "Mean of the values; may be grouped by `by` and `without`, as those below.",
  ),
  min_over_time: unwrapped("min_over_time", "Smallest value."),
  max_over_time: unwrapped("max_over_time", "Largest value."),
  first_over_time: unwrapped("first_over_time", "Oldest value."),
  last_over_time: unwrapped("last_over_time", "Newest value."),
  stddev_over_time: unwrapped("stddev_over_time", "Standard deviation of the values."),
  stdvar_over_time: unwrapped("stdvar_over_time", "Variance of the values."),
  quantile_over_time: form(
    "quantile_over_time(0.99, QUERY | unwrap label [5m])",
    "The value below which that share of the values lies.",
  ),
};

const grouped = (name: string, text: string): Description => form(`${name} by (label) (VECTOR)`, text);

/** Every aggregation of series. */
export const vectorDescriptions: Readonly<Record<VectorOp, Description>> = {
  sum: grouped(
    "sum",
    "Sum of the series of a group; `by` names the labels that are kept, `without` those that are not.",
  ),
  avg: grouped("avg", "Mean."),
  min: grouped("min", "Smallest."),
  max: grouped("max", "Largest."),
  count: grouped("count", "Number of series."),
  stddev: grouped("stddev", "Standard deviation."),
  stdvar: grouped("stdvar", "Variance."),
  topk: form("topk(10, VECTOR)", "The series with the largest values."),
  bottomk: form("bottomk(10, VECTOR)", "The series with the smallest values."),
  approx_topk: form(
    "approx_topk(10, VECTOR)",
    "As `topk`, and exact, where `limits_config.shard_aggregations` names it.",
  ),
  sort: form("sort(VECTOR)", "By value, ascending; of an instant query."),
  sort_desc: form("sort_desc(VECTOR)", "By value, descending; of an instant query."),
};

/** Functions and operators besides. */
export const otherDescriptions: readonly Description[] = [
  form("vector(1)", "One sample without labels."),
  form('label_replace(VECTOR, "target", "$1", "source", "(.*)")', "Sets a label from another by a regular expression."),
  form("+ - * / % ^", "Arithmetic of numbers and series with the same labels."),
  form("== != > >= < <=", "Keeps the samples that compare so; with `bool` the answer is 1 or 0."),
  form("and or unless", "Series that are in both, in either, only in the first."),
  form(
    "on (label), ignoring (label), group_left (label), group_right (label)",
    "Which labels must agree, and which side may have several.",
  ),
  form("offset 1h", "Behind a range: looks that far back."),
];
