import type { LogExpr } from "@ratatosk/logql";
import { Row, unwrapSampler } from "@ratatosk/pipeline";
import { ErrorWatch } from "./error-watch.ts";
import type { SamplesResult, SamplesTask, ScanPiece } from "./job.ts";
import { packLabels } from "./packed-labels.ts";
import { type RowRun, rowsOf } from "./piece-rows.ts";
import { SampleBuffer } from "./sample-buffer.ts";
import { seriesPipeline } from "./series-pipeline.ts";
import { StatsCounter } from "./stats-counter.ts";
import { WindowSpan } from "./windows.ts";

/** The unwrapped value of every entry that lies in a window; without `unwrap` 1 for each entry. */
export function samplesScan(pieces: Iterable<ScanPiece>, log: LogExpr, task: SamplesTask): SamplesResult {
  const { windows, unwrap } = task;
  const [pipeline, table] = seriesPipeline(log, task, "none");
  const sample = unwrap ? unwrapSampler(unwrap) : () => 1;
  const stats = new StatsCounter();
  const errors = new ErrorWatch();
  const span = new WindowSpan(windows);
  const out = new SampleBuffer();
  const row = new Row();
  for (const piece of pieces) {
    row.openStream(piece.labels);
    for (const run of rowsOf(piece, pipeline, stats)) takeRun(run);
  }
  return {
    kind: "samples",
    table: packLabels(table.series),
    ...out.finish(),
    error: errors.error,
    stats: stats.plain(),
  };

  function takeRun({ view, rows, from, to }: RowRun): void {
    table.openBlock(view);
    const shift = Number(view.base - windows.first);
    for (let i = from; i < to; i++) {
      const at = rows[i]!;
      const time = view.deltas[at]! + shift;
      if (!span.find(time)) continue;
      row.open(view, at);
      if (!pipeline.run(row)) continue;
      const value = sample(row);
      if (value === undefined) continue;
      stats.postFilterLines++;
      errors.see(row, time);
      out.add(table.of(row, at), time, value);
    }
  }
}
