import type { BinaryExpr, SetOp } from "@ratatosk/logql";
import { type Labels, labelValue, RatatoskError } from "@ratatosk/model";
import type { Evaluation } from "../evaluation.ts";
import { isEmpty, type Series, seriesKey } from "../series.ts";
import { withLabel } from "../with-label.ts";
import { isComparison, operators } from "./operators.ts";
import { matchingKey } from "./matching-key.ts";
import { setOperation } from "./set-operators.ts";

/** A side of an operation: series, or the same number at every step. */
export type Operand = readonly Series[] | number;

/** `left op right`, step by step. */
export async function binary(
  expr: BinaryExpr,
  left: Operand,
  right: Operand,
  evaluation: Evaluation,
): Promise<Series[]> {
  const { op } = expr;
  if (typeof left === "number" || typeof right === "number") return withNumber(expr, left, right, evaluation);
  if (isSetOp(op)) return setOperation(op, expr.matching, left, right, evaluation);
  return new Join(expr, evaluation).run(left, right);
}

const isSetOp = (op: BinaryExpr["op"]): op is SetOp => op === "and" || op === "or" || op === "unless";

async function withNumber(
  { op, returnBool }: BinaryExpr,
  left: Operand,
  right: Operand,
  evaluation: Evaluation,
): Promise<Series[]> {
  const compute = operators[op as keyof typeof operators];
  const series = (typeof left === "number" ? right : left) as readonly Series[];
  const filters = isComparison(op) && !returnBool;
  const results: Series[] = [];
  for (const { labels, values, present } of series) {
    const result = evaluation.newSeries(labels);
    for (let k = 0; k < evaluation.count; k++) {
      if (present[k] === 0) continue;
      const own = values[k]!;
      const value = compute(typeof left === "number" ? left : own, typeof right === "number" ? right : own);
      if (filters && value === 0) continue;
      result.present[k] = 1;
      result.values[k] = filters ? own : value;
    }
    if (!isEmpty(result)) results.push(result);
    await evaluation.pause();
  }
  return results;
}

/** Matches the series of two sides one to one, or with `group_left`, `group_right` many to one. */
class Join {
  readonly #expr: BinaryExpr;
  readonly #evaluation: Evaluation;
  readonly #count: number;
  readonly #compute: (a: number, b: number) => number;
  readonly #filters: boolean;
  readonly #manyOnRight: boolean;
  readonly #grouped: boolean;

  constructor(expr: BinaryExpr, evaluation: Evaluation) {
    this.#expr = expr;
    this.#evaluation = evaluation;
    this.#count = evaluation.count;
    this.#compute = operators[expr.op as keyof typeof operators];
    this.#filters = isComparison(expr.op) && !expr.returnBool;
    this.#grouped = expr.matching?.group !== undefined;
    this.#manyOnRight = expr.matching?.group === "right";
  }

  async run(left: readonly Series[], right: readonly Series[]): Promise<Series[]> {
    const [many, one] = this.#manyOnRight ? [right, left] : [left, right];
    const { matching } = this.#expr;
    const partners = Map.groupBy(one, ({ labels }) => matchingKey(labels, matching));
    for (const group of partners.values()) this.#refuseDuplicates(group);
    const results = new Map<string, Series>();
    const claimed = new Map<string, Uint8Array>();
    for (const series of many) {
      const key = matchingKey(series.labels, matching);
      for (const partner of partners.get(key) ?? []) this.#match(series, partner, key, results, claimed);
      await this.#evaluation.pause();
    }
    return [...results.values()].filter((result) => !isEmpty(result));
  }

  #refuseDuplicates(group: readonly Series[]): void {
    if (group.length === 1) return;
    const seen = new Uint8Array(this.#count);
    for (const { present } of group) {
      for (let k = 0; k < this.#count; k++) {
        if (present[k] === 0) continue;
        if (seen[k] === 1)
          throw fault(
            `found duplicate series on the ${this.#manyOnRight ? "left" : "right"} hand-side;many-to-many matching not allowed: matching labels must be unique on one side`,
          );
        seen[k] = 1;
      }
    }
  }

  #match(many: Series, one: Series, key: string, results: Map<string, Series>, claimed: Map<string, Uint8Array>): void {
    const labels = this.#resultLabels(many.labels, one.labels);
    const resultKey = seriesKey(labels);
    let result = results.get(resultKey);
    if (result === undefined) results.set(resultKey, (result = this.#evaluation.newSeries(labels)));
    const claimKey = this.#grouped ? `${key}${resultKey}` : key;
    let claims = claimed.get(claimKey);
    if (claims === undefined) claimed.set(claimKey, (claims = new Uint8Array(this.#count)));
    for (let k = 0; k < this.#count; k++) {
      if (many.present[k] === 0 || one.present[k] === 0) continue;
      const [left, right] = this.#manyOnRight ? [one.values[k]!, many.values[k]!] : [many.values[k]!, one.values[k]!];
      const value = this.#compute(left, right);
      if (this.#filters && value === 0) continue;
      if (claims[k] === 1)
        throw fault(
          this.#grouped
            ? "multiple matches for labels: grouping labels must ensure unique matches"
            : "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)",
        );
      claims[k] = 1;
      result.present[k] = 1;
      result.values[k] = this.#filters ? left : value;
    }
  }

  #resultLabels(many: Labels, one: Labels): Labels {
    const { matching } = this.#expr;
    if (matching === undefined) return many;
    if (matching.group === undefined)
      return many.filter(([name]) => matching.labels.includes(name) === (matching.kind === "on"));
    return matching.include.reduce((labels, name) => withLabel(labels, name, labelValue(one, name) ?? ""), many);
  }
}

const fault = (message: string): RatatoskError => new RatatoskError("bad_request", message, { status: 500 });
