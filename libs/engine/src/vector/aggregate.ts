import type { VectorAggregation } from "@ratatosk/logql";
import type { Evaluation } from "../evaluation.ts";
import type { Series } from "../series.ts";
import { Folding } from "./fold.ts";
import { Selection } from "./select.ts";

/** An aggregation that is given its series one by one, and holds of them what it needs. */
export interface Aggregation {
  take(series: Series): void;
  finish(): Promise<Series[]>;
}

/** Aggregates series, step by step. */
export function aggregation(expr: VectorAggregation, evaluation: Evaluation): Aggregation {
  const { op, grouping } = expr;
  switch (op) {
    case "sort":
    case "sort_desc":
      return new Everything(evaluation);
    case "topk":
    case "bottomk":
    case "approx_topk":
      return new Selection(expr, evaluation);
    default:
      return new Folding(op, grouping, evaluation);
  }
}

class Everything implements Aggregation {
  readonly #series: Series[] = [];
  readonly #evaluation: Evaluation;

  constructor(evaluation: Evaluation) {
    this.#evaluation = evaluation;
  }

  take(series: Series): void {
    this.#series.push(this.#evaluation.copy(series));
  }

  async finish(): Promise<Series[]> {
    return this.#series;
  }
}
