import { allColumns, type Columns, type QueryStats } from "@ratatosk/model";
import type { LogExpr } from "@ratatosk/logql";
import type { ScanJob, ScanPiece, ScanTask } from "../scan/job.ts";
import type { Piece } from "./pieces.ts";

/** Reads the columns that a job needs of its pieces. */
export async function fetchJob(
  { log, task, columns }: { log: LogExpr; task: ScanTask; columns: Columns },
  pieces: readonly Piece[],
  stats: QueryStats,
  signal: AbortSignal,
): Promise<ScanJob> {
  const began = performance.now();
  const fetched = await Promise.all(pieces.map((piece) => fetchPiece(piece, columns, signal)));
  stats.fetchSeconds += (performance.now() - began) / 1000;
  stats.compressedBytes += pieces.reduce((bytes, { storedBytes }) => bytes + storedBytes, 0);
  stats.jobs++;
  return { log, task, pieces: fetched };
}

async function fetchPiece(
  { labels, start, end, blocks }: Piece,
  columns: Columns,
  signal: AbortSignal,
): Promise<ScanPiece> {
  const want = blocks.length > 1 ? allColumns : columns;
  return { labels, start, end, blocks: await Promise.all(blocks.map((block) => block.fetch(want, signal))) };
}
