import { compareText } from "@ratatosk/model";
import type { SeriesLabels } from "@ratatosk/pipeline";
import type { QueryBudget } from "./query-budget.ts";
import type { LinesResult } from "./scan/job.ts";
import { LabelsReader } from "./scan/packed-labels.ts";

/** A line of an answer in the making: a row of a scan's result. */
export interface CollectedLine {
  readonly time: bigint;
  /** The stream from which it comes, as canonical text. */
  readonly stream: string;
  readonly result: FoundLines;
  readonly row: number;
}

/** What a scan found, with the labels to be read. */
export interface FoundLines extends Pick<LinesResult, "series" | "lines" | "offsets"> {
  readonly table: Pick<LabelsReader, "at">;
}

/** By time, of one instant by stream. Sorting is stable: lines of one stream and instant stay as the scan gave them. */
function compareLines(a: CollectedLine, b: CollectedLine): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  return compareText(a.stream, b.stream);
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

  /** Adds what a scan found; `streams` are those of the pieces scanned. */
  add(result: LinesResult, streams: readonly string[]): void {
    if (result.times.length === 0) return;
    this.#budget.take(result.lines.length + result.times.length * 64 + result.table.text.length);
    const { series, lines, offsets } = result;
    const found: FoundLines = { series, lines, offsets, table: new LabelsReader(result.table) };
    let row = 0;
    for (const [piece, end] of result.pieceEnds.entries())
      for (const stream = streams[piece]!; row < end; row++)
        this.#lines.push({ time: result.times[row]!, stream, result: found, row });
    this.#lines.sort(this.#forward ? compareLines : (a, b) => compareLines(b, a));
    if (this.#lines.length > this.#limit) this.#lines.length = this.#limit;
  }

  /** True if no line at or after `edge`, in the direction of the query, can still enter the answer. */
  isCompleteAt(edge: bigint): boolean {
    const last = this.#lines[this.#limit - 1];
    if (last === undefined) return false;
    return this.#forward ? edge > last.time : edge < last.time;
  }

  get lines(): readonly CollectedLine[] {
    return this.#lines;
  }
}

export const lineBytes = ({ result: { lines, offsets }, row }: CollectedLine): Uint8Array =>
  lines.subarray(offsets[row], offsets[row + 1]);

export const seriesOf = ({ result: { table, series }, row }: CollectedLine): SeriesLabels => table.at(series[row]!);
