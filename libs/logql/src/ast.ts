import type { Matcher } from "@ratatosk/model";

/** A query: lines, or samples computed from lines. */
export type Expr = LogExpr | MetricExpr;

/** `{app="cart"} |= "error" | json`: selects streams and sends each line through the stages, in order. */
export interface LogExpr {
  readonly kind: "log";
  readonly matchers: readonly Matcher[];
  readonly stages: readonly Stage[];
}

export type Stage =
  | LineFilter
  | JsonParser
  | LogfmtParser
  | RegexpParser
  | PatternParser
  | UnpackParser
  | LabelFilterStage
  | LineFormat
  | LabelFormat
  | Decolorize
  | DropLabels
  | KeepLabels;

/** Contains, does not contain, matches, does not match, looks like the pattern, does not. */
export type LineFilterOp = "|=" | "!=" | "|~" | "!~" | "|>" | "!>";

/** `|= "a" or "b"`: at least one operand holds. With a negative operator: none of the operands holds. */
export interface LineFilter {
  readonly kind: "line-filter";
  readonly op: LineFilterOp;
  /** At least one. */
  readonly operands: readonly LineFilterOperand[];
}

/** A text, regular expression or pattern, or with `ip` an address, CIDR or range of addresses. */
export interface LineFilterOperand {
  readonly ip: boolean;
  readonly value: string;
}

/** `label="source"` of `json` and `logfmt`; the bare form `label` has the label itself as source. */
export interface Extraction {
  readonly label: string;
  readonly source: string;
}

/** `| json`, all keys when `extractions` is empty. */
export interface JsonParser {
  readonly kind: "json";
  readonly extractions: readonly Extraction[];
}

/** `| logfmt --strict --keep-empty`, all keys when `extractions` is empty. */
export interface LogfmtParser {
  readonly kind: "logfmt";
  readonly strict: boolean;
  readonly keepEmpty: boolean;
  readonly extractions: readonly Extraction[];
}

export interface RegexpParser {
  readonly kind: "regexp";
  readonly pattern: string;
}

export interface PatternParser {
  readonly kind: "pattern";
  readonly pattern: string;
}

export interface UnpackParser {
  readonly kind: "unpack";
}

/** `| level="error" or took > 1s`. */
export interface LabelFilterStage {
  readonly kind: "label-filter";
  readonly filter: LabelFilter;
}

export type LabelFilter = LogicalLabelFilter | StringLabelFilter | IpLabelFilter | TypedLabelFilter;

/** `left and right` or `left or right`; comma and juxtaposition are `and`. */
export interface LogicalLabelFilter {
  readonly kind: "and" | "or";
  readonly left: LabelFilter;
  readonly right: LabelFilter;
}

/** A missing label counts as the empty value. */
export interface StringLabelFilter {
  readonly kind: "string";
  readonly matcher: Matcher;
}

export interface IpLabelFilter {
  readonly kind: "ip";
  readonly name: string;
  readonly op: "=" | "!=";
  readonly pattern: string;
}

/** How numbers compare. `=` of the query is read as `==`. */
export type CompareOp = "==" | "!=" | ">" | ">=" | "<" | "<=";

/** Compares the converted label value with a number, with nanoseconds (`duration`) or with bytes (`bytes`). */
export interface TypedLabelFilter {
  readonly kind: "number" | "duration" | "bytes";
  readonly name: string;
  readonly op: CompareOp;
  readonly value: number;
}

export interface LineFormat {
  readonly kind: "line-format";
  readonly template: string;
}

/** `| label_format to=from, other="{{.template}}"`. */
export interface LabelFormat {
  readonly kind: "label-format";
  readonly formats: readonly LabelAssignment[];
}

export type LabelAssignment =
  | { readonly kind: "rename"; readonly label: string; readonly from: string }
  | { readonly kind: "template"; readonly label: string; readonly template: string };

export interface Decolorize {
  readonly kind: "decolorize";
}

/** One item of `drop` and `keep`: a label, or a label whose value must match. */
export type LabelChoice =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "matcher"; readonly matcher: Matcher };

export interface DropLabels {
  readonly kind: "drop";
  readonly labels: readonly LabelChoice[];
}

export interface KeepLabels {
  readonly kind: "keep";
  readonly labels: readonly LabelChoice[];
}

export type MetricExpr = RangeAggregation | VectorAggregation | BinaryExpr | LiteralExpr | VectorExpr | LabelReplace;

export type RangeOp =
  | "rate"
  | "rate_counter"
  | "count_over_time"
  | "bytes_over_time"
  | "bytes_rate"
  | "avg_over_time"
  | "sum_over_time"
  | "min_over_time"
  | "max_over_time"
  | "stddev_over_time"
  | "stdvar_over_time"
  | "quantile_over_time"
  | "first_over_time"
  | "last_over_time"
  | "absent_over_time";

/** `rate({app="cart"} | json | unwrap took [5m] offset 1h) by (pod)`. */
export interface RangeAggregation {
  readonly kind: "range-aggregation";
  readonly op: RangeOp;
  /** The quantile of `quantile_over_time`. */
  readonly param?: number;
  readonly log: LogExpr;
  readonly unwrap?: Unwrap;
  /** Length of the window in nanoseconds, a whole number of milliseconds. */
  readonly rangeNs: number;
  /** How far back the window lies, in nanoseconds; negative is ahead. */
  readonly offsetNs: number;
  readonly grouping?: Grouping;
}

/** `| unwrap duration(took) | took < 5s`: the label that gives the sample, its conversion, and filters after it. */
export interface Unwrap {
  readonly label: string;
  readonly conversion?: "bytes" | "duration" | "duration_seconds";
  readonly filters: readonly LabelFilter[];
}

/** `by (a, b)` or `without (a, b)`. */
export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

export type VectorOp =
  | "sum"
  | "avg"
  | "min"
  | "max"
  | "count"
  | "stddev"
  | "stdvar"
  | "topk"
  | "bottomk"
  | "approx_topk"
  | "sort"
  | "sort_desc";

export interface VectorAggregation {
  readonly kind: "vector-aggregation";
  readonly op: VectorOp;
  /** The `k` of topk, bottomk and approx_topk: a whole number above 0. */
  readonly param?: number;
  readonly grouping?: Grouping;
  readonly expr: MetricExpr;
}

export type ArithmeticOp = "+" | "-" | "*" | "/" | "%" | "^";
export type SetOp = "and" | "or" | "unless";
export type BinaryOp = ArithmeticOp | CompareOp | SetOp;

/** An operation on two expressions; of two literals it is folded to a literal by the parser. */
export interface BinaryExpr {
  readonly kind: "binary";
  readonly op: BinaryOp;
  /** A comparison answers 0 or 1 instead of filtering. */
  readonly returnBool: boolean;
  readonly matching?: Matching;
  readonly left: MetricExpr;
  readonly right: MetricExpr;
}

/** `on (a) group_left (b)`. */
export interface Matching {
  readonly kind: "on" | "ignoring";
  readonly labels: readonly string[];
  /** Which side may hold several series a match: left of `group_left`, right of `group_right`. */
  readonly group?: "left" | "right";
  /** Labels copied from the side that holds one. */
  readonly include: readonly string[];
}

export interface LiteralExpr {
  readonly kind: "literal";
  readonly value: number;
}

/** `vector(1)`: one sample without labels. */
export interface VectorExpr {
  readonly kind: "vector";
  readonly value: number;
}

/** `label_replace(expr, "target", "$1", "source", "(.*)")`; the regular expression is anchored. */
export interface LabelReplace {
  readonly kind: "label-replace";
  readonly expr: MetricExpr;
  readonly target: string;
  readonly replacement: string;
  readonly source: string;
  readonly regex: string;
}
