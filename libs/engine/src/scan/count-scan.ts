import type { LogExpr } from "@ratatosk/logql";
import { Row } from "@ratatosk/pipeline";
import { ErrorWatch } from "./error-watch.ts";
import type { CountResult, CountTask, ScanPiece } from "./job.ts";
import { packLabels } from "./packed-labels.ts";
import { type RowRun, rowsOf } from "./piece-rows.ts";
import { seriesPipeline } from "./series-pipeline.ts";
import { StatsCounter } from "./stats-counter.ts";
import { WindowChanges } from "./window-changes.ts";
import { WindowSpan } from "./windows.ts";

/**
 * Counts the entries (or bytes) that pass, window by window. A sample adds to the first window that holds it and is
 * taken off after the last, so that one costs the same in however many windows it lies.
 */
export function countScan(pieces: Iterable<ScanPiece>, log: LogExpr, task: CountTask): CountResult {
  const { windows, of } = task;
  const [pipeline, table] = seriesPipeline(log, task, of === "bytes" ? "lengths" : "none");
  const stats = new StatsCounter();
  const errors = new ErrorWatch();
  const span = new WindowSpan(windows);
  const entries = new WindowChanges(windows.count);
  const amounts = of === "entries" ? entries : new WindowChanges(windows.count);
  const row = new Row();
  for (const piece of pieces) {
    row.openStream(piece.labels);
    for (const run of rowsOf(piece, pipeline, stats)) countRun(run);
  }
  return { kind: "count", ...packed(), error: errors.error, stats: stats.plain() };

  function countRun(run: RowRun): void {
    const { view, rows, from, to } = run;
    table.openBlock(view);
    const shift = Number(view.base - windows.first);
    if (of === "entries" && pipeline.endsWithFilters && view.metadata.length === 0) return countAlike(run, shift);
    for (let i = from; i < to; i++) {
      const at = rows[i]!;
      const time = view.deltas[at]! + shift;
      if (!span.find(time)) continue;
      row.open(view, at);
      if (!pipeline.run(row)) continue;
      stats.postFilterLines++;
      errors.see(row, time);
      const series = table.of(row, at);
      entries.add(series, span.from, span.to, 1);
      if (of === "bytes") amounts.add(series, span.from, span.to, row.end - row.start);
    }
  }

  /** Fast path: rows of one series that need not be looked at, only counted. */
  function countAlike({ view, rows, from, to }: RowRun, shift: number): void {
    if (from === to) return;
    row.open(view, rows[from]!);
    const series = table.of(row, rows[from]!);
    for (let i = from; i < to;) {
      const first = i;
      const inSome = span.find(view.deltas[rows[i]!]! + shift);
      i = endOfRun(view.deltas, rows, { from: i + 1, to, last: span.upTo - shift });
      if (!inSome) continue;
      stats.postFilterLines += i - first;
      entries.add(series, span.from, span.to, i - first);
    }
  }

  function packed(): Pick<CountResult, "table" | "entries" | "amounts"> {
    const count = table.series.length;
    const counts = entries.pack(count);
    return {
      table: packLabels(table.series),
      entries: counts,
      amounts: of === "entries" ? counts : amounts.pack(count),
    };
  }
}

/** The first of the rows, whose times ascend, that is later than `last`: in doubling steps, as runs are short or long. */
function endOfRun(
  deltas: Float64Array,
  rows: Uint32Array,
  { from, to, last }: { readonly from: number; readonly to: number; readonly last: number },
): number {
  let [low, step] = [from, 1];
  while (low + step <= to && deltas[rows[low + step - 1]!]! <= last) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step - 1, to);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (deltas[rows[middle]!]! <= last) low = middle + 1;
    else high = middle;
  }
  return low;
}
