import type { Grouping, LabelChoice, LabelFilter, LogExpr, MetricExpr, RangeAggregation, Stage } from "@ratatosk/logql";
import type { Matcher } from "@ratatosk/model";
import type { MemoryStream } from "../testing.ts";

/** The plainest evaluator that can be: maps, loops over every line at every step. It knows what `random-query.ts` makes. */
export type LabelMap = Readonly<Record<string, string>>;
export type Vector = Map<string, number>;

interface Line {
  readonly time: bigint;
  readonly text: string;
  readonly stream: LabelMap;
  readonly metadata: LabelMap;
}

export interface ReferenceLine {
  readonly time: bigint;
  readonly text: string;
  readonly labels: LabelMap;
}

export const keyOf = (labels: LabelMap): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
const labelsOfKey = (key: string): LabelMap => Object.fromEntries(JSON.parse(key) as [string, string][]);

export class Reference {
  readonly #lines: Line[];
  /** The lines of all times that pass, oldest first. */
  readonly #passing = new WeakMap<LogExpr, readonly ReferenceLine[]>();

  constructor(streams: readonly MemoryStream[]) {
    this.#lines = streams.flatMap(({ labels, entries }) =>
      entries.map(({ time, line, metadata = {} }) => ({
        time,
        text: String(line),
        stream: Object.fromEntries(labels),
        metadata,
      })),
    );
  }

  /** All lines of [start, end) that pass, oldest first. */
  lines(expr: LogExpr, start: bigint, end: bigint): ReferenceLine[] {
    const passing = this.#passing.get(expr) ?? this.#pass(expr);
    this.#passing.set(expr, passing);
    return passing.filter(({ time }) => time >= start && time < end);
  }

  #pass(expr: LogExpr): ReferenceLine[] {
    const found = this.#lines
      .filter(({ stream }) => expr.matchers.every((m) => matches(stream[m.name], m)))
      .flatMap((line) => pass(line, expr.stages) ?? []);
    return found.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }

  /** The samples at one time, by the key of their labels. */
  at(expr: MetricExpr, time: bigint): Vector {
    switch (expr.kind) {
      case "range-aggregation":
        return this.#range(expr, time);
      case "vector-aggregation":
        return aggregateVector(expr.op, expr.grouping, this.at(expr.expr, time));
      case "binary":
        return this.#binary(expr, time);
      case "literal":
      case "vector":
        return new Map([["[]", expr.value]]);
      case "label-replace":
        throw new Error("not in the reference");
    }
  }

  #range(expr: RangeAggregation, time: bigint): Vector {
    const end = time - BigInt(expr.offsetNs);
    const lines = this.lines(expr.log, end - BigInt(expr.rangeNs) + 1n, end + 1n);
    const series = new Map<string, number[]>();
    for (const { labels, text } of lines) {
      const kept = group(labels, expr.grouping, expr.unwrap?.label);
      const unwrapped = expr.unwrap ? labels[expr.unwrap.label] : undefined;
      if (expr.unwrap && (unwrapped ?? "") === "") continue;
      const value = expr.unwrap ? Number(unwrapped) : expr.op.startsWith("bytes") ? Buffer.byteLength(text) : 1;
      series.set(keyOf(kept), [...(series.get(keyOf(kept)) ?? []), value]);
    }
    if (expr.op === "absent_over_time") return series.size > 0 ? new Map() : new Map([[keyOf(absent(expr)), 1]]);
    return new Map([...series].map(([key, values]) => [key, overTime(expr, values)]));
  }

  #binary(expr: Extract<MetricExpr, { kind: "binary" }>, time: bigint): Vector {
    const left = this.at(expr.left, time);
    if (expr.right.kind === "literal") return withScalar(expr.op, expr.returnBool, left, expr.right.value);
    const right = this.at(expr.right, time);
    if (expr.op === "and") return new Map([...left].filter(([key]) => right.has(key)));
    if (expr.op === "unless") return new Map([...left].filter(([key]) => !right.has(key)));
    if (expr.op === "or") return new Map([...right, ...left]);
    const result: Vector = new Map();
    for (const [key, value] of left) {
      const other = right.get(key);
      if (other === undefined) continue;
      for (const [, computed] of withScalar(expr.op, expr.returnBool, new Map([[key, value]]), other))
        result.set(key, computed);
    }
    return result;
  }
}

function matches(value: string | undefined, { op, value: wanted }: Matcher): boolean {
  const own = value ?? "";
  if (op === "=" || op === "!=") return (own === wanted) === (op === "=");
  return new RegExp(`^(?:${inJavaScript(wanted)})$`, "s").test(own) === (op === "=~");
}

const inJavaScript = (regex: string): string => regex.replace(/^\(\?i\)(.*)$/, "(?i:$1)");

/** Sends a line through the stages. */
function pass(line: Line, stages: readonly Stage[]): ReferenceLine | undefined {
  const labels = new Map<string, string>(Object.entries(line.stream));
  const taken = new Set(labels.keys());
  for (const [name, value] of Object.entries(line.metadata))
    labels.set(taken.has(name) ? `${name}_extracted` : name, value);
  const metadata = new Set(Object.keys(line.metadata));
  const parsed = new Set<string>();
  for (const stage of stages) if (!step(line, stage, labels, { taken, metadata, parsed })) return undefined;
  return { time: line.time, text: line.text, labels: Object.fromEntries(labels) };
}

interface Origins {
  readonly taken: ReadonlySet<string>;
  readonly metadata: Set<string>;
  readonly parsed: Set<string>;
}

function step(
  { text }: Line,
  stage: Stage,
  labels: Map<string, string>,
  { taken, metadata, parsed }: Origins,
): boolean {
  switch (stage.kind) {
    case "line-filter": {
      const { value } = stage.operands[0]!;
      if (stage.op === "|=" || stage.op === "!=") return text.includes(value) === (stage.op === "|=");
      return new RegExp(inJavaScript(value)).test(text) === (stage.op === "|~");
    }
    case "logfmt":
      for (const [, key, value] of text.matchAll(/(\w+)=(\S+)/g)) {
        const name = taken.has(key!) || (metadata.has(key!) && labels.has(key!)) ? `${key}_extracted` : key!;
        if (parsed.has(name) && labels.has(name)) continue;
        labels.set(name, value!);
        parsed.add(name);
      }
      return true;
    case "label-filter":
      return passes(stage.filter, labels);
    case "drop":
      for (const choice of stage.labels) if (chosen(choice, labels)) labels.delete(nameOf(choice));
      return true;
    case "keep": {
      const kept = stage.labels.filter((choice) => chosen(choice, labels)).map(nameOf);
      for (const name of labels.keys()) if (!kept.includes(name)) labels.delete(name);
      return true;
    }
    default:
      throw new Error(`not in the reference: ${stage.kind}`);
  }
}

const nameOf = (choice: LabelChoice): string => (choice.kind === "name" ? choice.name : choice.matcher.name);

function chosen(choice: LabelChoice, labels: ReadonlyMap<string, string>): boolean {
  return choice.kind === "name" || matches(labels.get(choice.matcher.name), choice.matcher);
}

function passes(filter: LabelFilter, labels: ReadonlyMap<string, string>): boolean {
  if (filter.kind === "string") return matches(labels.get(filter.matcher.name), filter.matcher);
  if (filter.kind !== "number") throw new Error("not in the reference");
  const text = labels.get(filter.name);
  if (text === undefined) return false;
  const value = Number(text);
  if (filter.op === ">") return value > filter.value;
  return filter.op === "<=" ? value <= filter.value : value === filter.value;
}

function group(labels: LabelMap, grouping: Grouping | undefined, except?: string): LabelMap {
  const kept = Object.entries(labels).filter(([name]) => {
    if (grouping !== undefined && !grouping.without) return grouping.labels.includes(name);
    return name !== except && !(grouping?.labels.includes(name) ?? false);
  });
  return Object.fromEntries(kept);
}

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]): number => total(values) / values.length;
const deviation = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2));

function overTime({ op, rangeNs }: RangeAggregation, values: readonly number[]): number {
  switch (op) {
    case "count_over_time":
      return values.length;
    case "rate":
    case "bytes_rate":
      return total(values) / (rangeNs / 1e9);
    case "avg_over_time":
      return mean(values);
    case "min_over_time":
      return Math.min(...values);
    case "max_over_time":
      return Math.max(...values);
    case "first_over_time":
      return values[0]!;
    case "last_over_time":
      return values.at(-1)!;
    case "stdvar_over_time":
      return deviation(values);
    default:
      return total(values);
  }
}

function absent({ log }: RangeAggregation): LabelMap {
  const names = log.matchers.map(({ name }) => name);
  const fixed = log.matchers.filter(
    ({ name, op, value }) => op === "=" && value !== "" && names.indexOf(name) === names.lastIndexOf(name),
  );
  return Object.fromEntries(fixed.map(({ name, value }) => [name, value]));
}

function aggregateVector(op: string, grouping: Grouping | undefined, input: Vector): Vector {
  const groups = new Map<string, number[]>();
  for (const [key, value] of input) {
    const own = keyOf(group(labelsOfKey(key), grouping ?? { without: false, labels: [] }));
    groups.set(own, [...(groups.get(own) ?? []), value]);
  }
  return new Map([...groups].map(([key, values]) => [key, fold(op, values)]));
}

function fold(op: string, values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  switch (op) {
    case "avg":
      return mean(values);
    case "min":
      return known.length === 0 ? NaN : Math.min(...known);
    case "max":
      return known.length === 0 ? NaN : Math.max(...known);
    case "count":
      return values.length;
    case "stddev":
      return Math.sqrt(deviation(values));
    default:
      return total(values);
  }
}

function withScalar(op: string, returnBool: boolean, vector: Vector, scalar: number): Vector {
  const result: Vector = new Map();
  for (const [key, value] of vector) {
    const holds = compare(op, value, scalar);
    if (holds === undefined) result.set(key, compute(op, value, scalar));
    else if (returnBool) result.set(key, Number(holds));
    else if (holds) result.set(key, value);
  }
  return result;
}

function compare(op: string, a: number, b: number): boolean | undefined {
  if (op === ">") return a > b;
  if (op === "<=") return a <= b;
  return op === "!=" ? a !== b : undefined;
}

function compute(op: string, a: number, b: number): number {
  if (op === "+") return a + b;
  if (op === "-") return a - b;
  if (op === "*") return a * b;
  if (b === 0) return NaN;
  return op === "/" ? a / b : a % b;
}
