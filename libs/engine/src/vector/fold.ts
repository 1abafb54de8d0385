import type { Grouping, VectorAggregation } from "@ratatosk/logql";
import type { Evaluation } from "../evaluation.ts";
import type { Series } from "../series.ts";
import { larger, nextMean, smaller } from "../statistics.ts";
import { Groups } from "./groups.ts";

export type FoldOp = Exclude<VectorAggregation["op"], "sort" | "sort_desc" | "topk" | "bottomk" | "approx_topk">;

/** The values of a group so far, at every step. */
interface Fold {
  readonly result: Series;
  readonly counts: Uint32Array;
  /** Of squared distances from the mean. */
  readonly squares: Float64Array;
}

/** Takes in a value of step k; how many there are by now is already counted. */
type Add = (fold: Fold, k: number, value: number) => void;

const addSquare: Add = ({ result: { values }, counts, squares }, k, value) => {
  const distance = value - values[k]!;
  values[k]! += distance / counts[k]!;
  squares[k]! += distance * (value - values[k]!);
};

const folds: Record<FoldOp, Add> = {
  sum: ({ result: { values } }, k, value) => (values[k]! += value),
  avg: ({ result: { values }, counts }, k, value) => (values[k] = nextMean(values[k]!, value, counts[k]!)),
  min: ({ result: { values }, counts }, k, value) => (values[k] = counts[k] === 1 ? value : smaller(values[k]!, value)),
  max: ({ result: { values }, counts }, k, value) => (values[k] = counts[k] === 1 ? value : larger(values[k]!, value)),
  count: ({ result: { values }, counts }, k) => (values[k] = counts[k]!),
  stddev: addSquare,
  stdvar: addSquare,
};

/** sum, avg, min …: of each group one value a step. */
export class Folding {
  readonly #op: FoldOp;
  readonly #groups: Groups<Fold>;
  readonly #evaluation: Evaluation;

  constructor(op: FoldOp, grouping: Grouping | undefined, evaluation: Evaluation) {
    const { count } = evaluation;
    this.#op = op;
    this.#evaluation = evaluation;
    this.#groups = new Groups(grouping, (labels) => ({
      result: evaluation.newSeries(labels),
      counts: new Uint32Array(count),
      squares: new Float64Array(op === "stddev" || op === "stdvar" ? count : 0),
    }));
  }

  take(series: Series): void {
    const { values, present } = series;
    const fold = this.#groups.of(series);
    const add = folds[this.#op];
    for (let k = 0; k < present.length; k++) {
      if (present[k] === 0) continue;
      fold.result.present[k] = 1;
      fold.counts[k]!++;
      add(fold, k, values[k]!);
    }
  }

  async finish(): Promise<Series[]> {
    const results: Series[] = [];
    for (const fold of this.#groups.all()) {
      if (this.#op === "stddev" || this.#op === "stdvar") this.#spread(fold);
      results.push(fold.result);
      await this.#evaluation.pause();
    }
    return results;
  }

  #spread({ result: { values, present }, counts, squares }: Fold): void {
    for (let k = 0; k < values.length; k++) {
      if (present[k] === 0) continue;
      const variance = squares[k]! / counts[k]!;
      values[k] = this.#op === "stddev" ? Math.sqrt(variance) : variance;
    }
  }
}
