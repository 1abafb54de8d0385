import type { Matcher } from "@ratatosk/model";
import type {
  BinaryExpr,
  Expr,
  Grouping,
  LabelChoice,
  LabelFilter,
  LogExpr,
  Matching,
  MetricExpr,
  RangeAggregation,
  RangeOp,
  Stage,
  Unwrap,
  VectorAggregation,
} from "../ast.ts";
import { applyBinary, isSetOp } from "../binary.ts";
import type { Random } from "./random.ts";

/** The words that random queries are made of; give those of your data to get queries that find something. */
export interface Vocabulary {
  readonly labels: readonly string[];
  readonly values: readonly string[];
  readonly regexes: readonly string[];
  readonly lineTexts: readonly string[];
  readonly numbers: readonly number[];
  readonly templates: readonly string[];
  readonly rangesNs: readonly number[];
  readonly offsetsNs: readonly number[];
}

/** Words with every character that is hard to print. */
export const plainVocabulary: Vocabulary = {
  labels: ["app", "env", "level", "took", "rate", "sum", "duration", "é", "_x9"],
  values: ["cart", "", 'q"\\', "a\nb\tc", "é😀\u200b", "`"],
  regexes: ["a|b", ".+", "\\d+", "(?i)x", "[^\n]*"],
  lineTexts: ["error", "", "\x00\x7f", "a.b*c", "\u{e000}"],
  numbers: [0, 1, 2.5, 1e-7, 123_456, 1e6, 1e21, 0.1, 3],
  templates: ["{{.app}}", "{{ __line__ | upper }}", "x"],
  rangesNs: [0, 1e6, 60e9, 300e9, 5400e9, 86_400e9, 86_460e9, 604_800e9, 31_536_000e9],
  offsetsNs: [0, 0, 60e9, -90e9, 100e3, 1.5e9, 123_456_789],
};

/** A query that parses and passes every check of the language. */
export function randomExpr(random: Random, words: Vocabulary = plainVocabulary, depth = 3): Expr {
  return random.oneIn(3) ? randomLogExpr(random, words) : new Generator(random, words).metric(depth);
}

/** A query for lines. */
export function randomLogExpr(random: Random, words: Vocabulary = plainVocabulary): LogExpr {
  return new Generator(random, words).log();
}

const compareOps = ["==", "!=", ">", ">=", "<", "<="] as const;
const plainRangeOps: readonly RangeOp[] = [
  "rate",
  "count_over_time",
  "bytes_over_time",
  "bytes_rate",
  "absent_over_time",
];
const unwrapRangeOps: readonly RangeOp[] = ["rate", "rate_counter", "sum_over_time", "absent_over_time"];
const groupedRangeOps: readonly RangeOp[] = [
  "avg_over_time",
  "min_over_time",
  "max_over_time",
  "stddev_over_time",
  "stdvar_over_time",
  "quantile_over_time",
  "first_over_time",
  "last_over_time",
];

class Generator {
  readonly #random: Random;
  readonly #words: Vocabulary;

  constructor(random: Random, words: Vocabulary) {
    this.#random = random;
    this.#words = words;
  }

  log(): LogExpr {
    const first: Matcher = { name: this.#label(), op: "=", value: "x" };
    const matchers = [...this.#random.many(0, 2, () => this.#matcher()), first];
    const stages = this.#random.many(0, 4, () => this.#stage());
    return { kind: "log", matchers, stages: stages.filter((stage, i) => !readsAsMatcher(stages[i - 1], stage)) };
  }

  metric(depth: number): MetricExpr {
    if (depth <= 0) return this.#leaf();
    switch (this.#random.below(5)) {
      case 0:
        return this.#vectorAggregation(depth);
      case 1:
      case 2:
        return this.#binary(depth);
      case 3:
        return this.#labelReplace(depth);
      default:
        return this.#leaf();
    }
  }

  #leaf(): MetricExpr {
    if (this.#random.oneIn(6)) return { kind: "literal", value: this.#signed() };
    if (this.#random.oneIn(6)) return { kind: "vector", value: this.#random.pick(this.#words.numbers) };
    return this.#rangeAggregation();
  }

  #label(): string {
    return this.#random.pick(this.#words.labels);
  }

  #signed(): number {
    const value = this.#random.pick(this.#words.numbers);
    return value !== 0 && this.#random.oneIn(3) ? -value : value;
  }

  #matcher(): Matcher {
    const op = this.#random.pick(["=", "!=", "=~", "!~"] as const);
    const value = this.#random.pick(op === "=" || op === "!=" ? this.#words.values : this.#words.regexes);
    return { name: this.#label(), op, value };
  }

  #stage(): Stage {
    switch (this.#random.below(13)) {
      case 0:
        return {
          kind: "json",
          extractions: this.#random.many(0, 2, () => ({ label: this.#label(), source: "a.b[0]" })),
        };
      case 1:
        return this.#logfmt();
      case 2:
        return { kind: "regexp", pattern: "(?P<verb>\\w+) (?P<path>\\S+)" };
      case 3:
        return { kind: "pattern", pattern: "<ip> - <_> <rest>" };
      case 4:
        return { kind: "unpack" };
      case 5:
        return { kind: "line-format", template: this.#random.pick(this.#words.templates) };
      case 6:
        return this.#labelFormat();
      case 7:
        return { kind: "decolorize" };
      case 8:
        return { kind: this.#random.pick(["drop", "keep"]), labels: this.#random.many(1, 3, () => this.#choice()) };
      case 9:
      case 10:
        return { kind: "label-filter", filter: this.#labelFilter(3) };
      default:
        return this.#lineFilter();
    }
  }

  #logfmt(): Stage {
    const extractions = this.#random.many(0, 2, () => ({
      label: this.#label(),
      source: this.#random.pick(["a", '"a.b"']),
    }));
    return { kind: "logfmt", strict: this.#random.oneIn(2), keepEmpty: this.#random.oneIn(2), extractions };
  }

  #labelFormat(): Stage {
    const labels = [...new Set(this.#random.many(1, 3, () => this.#label()))];
    const formats = labels.map((label) =>
      this.#random.oneIn(2)
        ? ({ kind: "rename", label, from: this.#label() } as const)
        : ({ kind: "template", label, template: this.#random.pick(this.#words.templates) } as const),
    );
    return { kind: "label-format", formats };
  }

  #choice(): LabelChoice {
    return this.#random.oneIn(2)
      ? { kind: "name", name: this.#label() }
      : { kind: "matcher", matcher: this.#matcher() };
  }

  #lineFilter(): Stage {
    const op = this.#random.pick(["|=", "!=", "|~", "!~", "|>", "!>"] as const);
    const ofRegex = op === "|~" || op === "!~";
    const operands = this.#random.many(1, 3, () => {
      if ((op === "|=" || op === "!=") && this.#random.oneIn(8)) return { ip: true, value: "10.0.0.0/8" };
      return { ip: false, value: this.#random.pick(ofRegex ? this.#words.regexes : this.#words.lineTexts) };
    });
    return { kind: "line-filter", op, operands };
  }

  #labelFilter(depth: number): LabelFilter {
    if (depth > 0 && this.#random.oneIn(3))
      return {
        kind: this.#random.pick(["and", "or"]),
        left: this.#labelFilter(depth - 1),
        right: this.#labelFilter(depth - 1),
      };
    const name = this.#label();
    const op = this.#random.pick(compareOps);
    switch (this.#random.below(5)) {
      case 0:
        return { kind: "number", name, op, value: this.#signed() };
      case 1:
        return { kind: "duration", name, op, value: this.#random.pick(this.#words.offsetsNs) };
      case 2:
        return { kind: "bytes", name, op, value: this.#random.pick([0, 1, 999, 1000, 1500, 1_500_001, 2 ** 40]) };
      case 3:
        return { kind: "ip", name, op: this.#random.pick(["=", "!="]), pattern: "::1" };
      default:
        return { kind: "string", matcher: { ...this.#matcher(), name } };
    }
  }

  #rangeAggregation(): RangeAggregation {
    const unwrapped = this.#random.oneIn(2);
    const grouped = unwrapped && this.#random.oneIn(2);
    const op = this.#random.pick(grouped ? groupedRangeOps : unwrapped ? unwrapRangeOps : plainRangeOps);
    return {
      kind: "range-aggregation",
      op,
      ...(op === "quantile_over_time" && { param: this.#random.pick([0, 0.5, 0.99]) }),
      log: this.log(),
      ...(unwrapped && { unwrap: this.#unwrap() }),
      rangeNs: this.#random.pick(this.#words.rangesNs),
      offsetNs: this.#random.pick(this.#words.offsetsNs),
      ...(grouped && this.#random.oneIn(2) && { grouping: this.#grouping() }),
    };
  }

  #unwrap(): Unwrap {
    const conversion = this.#random.pick([undefined, "bytes", "duration", "duration_seconds"] as const);
    const filters = this.#random.many(0, 2, () => this.#labelFilter(1));
    return { label: this.#label(), ...(conversion && { conversion }), filters };
  }

  #grouping(): Grouping {
    return { without: this.#random.oneIn(2), labels: this.#random.many(0, 3, () => this.#label()) };
  }

  #vectorAggregation(depth: number): VectorAggregation {
    const op = this.#random.pick([
      "sum",
      "avg",
      "min",
      "max",
      "count",
      "stddev",
      "stdvar",
      "topk",
      "bottomk",
      "sort",
    ] as const);
    const inner = this.metric(depth - 1);
    return {
      kind: "vector-aggregation",
      op,
      ...((op === "topk" || op === "bottomk") && { param: 1 + this.#random.below(5) }),
      ...(op !== "sort" && this.#random.oneIn(2) && { grouping: this.#grouping() }),
      expr: inner.kind === "literal" ? this.#rangeAggregation() : inner,
    };
  }

  #binary(depth: number): MetricExpr {
    const op = this.#random.pick([...compareOps, "+", "-", "*", "/", "%", "^", "and", "or", "unless"] as const);
    const left = this.metric(depth - 1);
    const right = this.metric(depth - 1);
    const literal = left.kind === "literal" || right.kind === "literal";
    if (isSetOp(op) && literal) return this.#rangeAggregation();
    if (left.kind === "literal" && right.kind === "literal")
      return { kind: "literal", value: applyBinary(op, left.value, right.value) };
    const matching = !literal && this.#random.oneIn(2) ? { matching: this.#matching() } : {};
    const node: BinaryExpr = { kind: "binary", op, returnBool: this.#random.oneIn(4), ...matching, left, right };
    return node;
  }

  #matching(): Matching {
    const base = {
      kind: this.#random.pick(["on", "ignoring"] as const),
      labels: this.#random.many(0, 2, () => this.#label()),
    };
    if (this.#random.oneIn(2)) return { ...base, include: [] };
    const group = this.#random.pick(["left", "right"] as const);
    return { ...base, group, include: this.#random.many(0, 2, () => this.#label()) };
  }

  #labelReplace(depth: number): MetricExpr {
    const [target, source] = [this.#label(), this.#label()];
    const regex = this.#random.pick(this.#words.regexes);
    return { kind: "label-replace", expr: this.metric(depth - 1), target, replacement: "$1", source, regex };
  }
}

/** `drop a != "x"` is one stage: no text says "drop a, then keep lines without x". */
function readsAsMatcher(before: Stage | undefined, stage: Stage): boolean {
  if (before?.kind !== "drop" && before?.kind !== "keep") return false;
  return stage.kind === "line-filter" && (stage.op === "!=" || stage.op === "!~");
}
