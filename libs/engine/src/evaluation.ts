import type { Labels } from "@ratatosk/model";
import type { QueryContext } from "./query-context.ts";
import { Breather } from "./range/breather.ts";
import { newSeries, type Series } from "./series.ts";

/** What a series takes in memory besides its samples, about. */
const seriesBytes = 250;
const stepBytes = 9;

/** The making of series at so many steps: they count as the query's memory, and other work gets its turns. */
export class Evaluation {
  readonly count: number;
  readonly breather: Breather;
  readonly #context: QueryContext;

  constructor(count: number, context: QueryContext) {
    this.count = count;
    this.breather = new Breather(context.signal);
    this.#context = context;
  }

  newSeries(labels: Labels): Series {
    this.#context.budget.take(seriesBytes + this.count * stepBytes);
    return newSeries(labels, this.count);
  }

  /** Counts bytes as the query's memory; negative ones are given back. */
  hold(bytes: number): void {
    this.#context.budget.take(bytes);
  }

  copy({ labels, values, present }: Series): Series {
    const copy = this.newSeries(labels);
    copy.values.set(values);
    copy.present.set(present);
    return copy;
  }

  /** Called between small pieces of work. */
  async pause(): Promise<void> {
    if (this.breather.isDue) await this.breather.rest();
  }
}
