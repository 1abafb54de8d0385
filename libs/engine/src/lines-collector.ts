import type { SeriesLabels } from "@ratatosk/pipeline";
import type { QueryBudget } from "./query-budget.ts";
import type { LinesResult } from "./scan/job.ts";

/** A line of an answer in the making: a row of a scan's result. */
export interface CollectedLine {
  readonly time: bigint;
  readonly result: LinesResult;
  readonly row: number;
}

/** Keeps the first `limit` lines, in the direction of the query, of all scans. */
export class LinesCollector {
  #lines: CollectedLine[] = [];
  readonly #limit: number;
  readonly #forward: boolean;
  readonly #budget: QueryBudget;

  constructor({ limit, forward, budget }: { limit: number; forward: boolean; budget: QueryBudget }) {
    this.#limit = limit;
    this.#forward = forward;
    this.#budget = budget;
  }

  add(result: LinesResult): void {
    if (result.times.length === 0) return;
    this.#budget.take(result.lines.length + result.times.length * 64);
    for (let row = 0; row < result.times.length; row++) this.#lines.push({ time: result.times[row]!, result, row });
    // Stable, so that lines of one instant stay in the order of the scans.
    this.#lines.sort((a, b) => (a.time === b.time ? 0 : a.time < b.time === this.#forward ? -1 : 1));
    if (this.#lines.length > this.#limit) this.#lines.length = this.#limit;
  }

  /** True if no line at or after `edge`, in the direction of the query, can still enter the answer. */
  isCompleteAt(edge: bigint): boolean {
    const last = this.#lines[this.#limit - 1];
    if (last === undefined) return false;
    return this.#forward ? edge > last.time : edge < last.time;
  }

  /** The lines that come before `edge`: nothing that is still to come can stand before them. Forgets them. */
  takeBefore(edge: bigint | undefined): CollectedLine[] {
    const count =
      edge === undefined
        ? this.#lines.length
        : this.#lines.findIndex(({ time }) => (this.#forward ? time >= edge : time <= edge));
    return this.#lines.splice(0, count === -1 ? this.#lines.length : count);
  }

  get lines(): readonly CollectedLine[] {
    return this.#lines;
  }
}

export const lineBytes = ({ result: { lines, offsets }, row }: CollectedLine): Uint8Array =>
  lines.subarray(offsets[row], offsets[row + 1]);

export const seriesOf = ({ result: { table, series }, row }: CollectedLine): SeriesLabels => table[series[row]!]!;
