import type { LogExpr } from "@ratatosk/logql";
import { type BlockView, Pipeline, Row, SeriesTable } from "@ratatosk/pipeline";
import type { LinesResult, LinesTask, ScanPiece } from "./job.ts";
import { LineBuffer } from "./line-buffer.ts";
import { packLabels } from "./packed-labels.ts";
import { type RowRun, rowsOf } from "./piece-rows.ts";
import { StatsCounter } from "./stats-counter.ts";

/** The lines of the job that pass, at most `limit` of each piece, those that count in the task's direction. */
export function linesScan(pieces: Iterable<ScanPiece>, log: LogExpr, { forward, limit }: LinesTask): LinesResult {
  const pipeline = new Pipeline(log.stages, { lineUse: "lines" });
  const table = new SeriesTable({ grouping: undefined });
  const stats = new StatsCounter();
  const out = new LineBuffer();
  const row = new Row();
  const pieceEnds: number[] = [];
  for (const piece of pieces) {
    row.openStream(piece.labels);
    const runs = rowsOf(piece, pipeline, stats);
    const most = out.count + limit;
    for (const run of forward ? runs : runs.reverse()) {
      if (out.count >= most) break;
      takeRun(run, most);
    }
    pieceEnds.push(out.count);
  }
  stats.postFilterLines = out.count;
  return { kind: "lines", ...out.finish(), pieceEnds, table: packLabels(table.series), stats: stats.plain() };

  function takeRun({ view, rows, from, to }: RowRun, most: number): void {
    table.openBlock(view);
    for (let i = from; i < to && out.count < most; i++) takeRow(view, rows[forward ? i : from + to - 1 - i]!);
  }

  function takeRow(view: BlockView, at: number): void {
    row.open(view, at);
    if (pipeline.run(row)) out.add(row, table.of(row, at));
  }
}
