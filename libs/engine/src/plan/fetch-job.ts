import { allColumns, type BlockRef, type Columns, type QueryStats } from "@ratatosk/model";
import type { LogExpr } from "@ratatosk/logql";
import type { QueryContext } from "../query-context.ts";
import type { ScanJob, ScanPiece, ScanTask } from "../scan/job.ts";
import type { Piece } from "./pieces.ts";

/** What all jobs of a scan have in common. */
export interface JobScan {
  readonly log: LogExpr;
  readonly task: ScanTask;
  readonly columns: Columns;
}

/** Reads the columns that a job needs of its pieces. */
export async function fetchJob(
  { log, task, columns }: JobScan,
  pieces: readonly Piece[],
  context: QueryContext,
): Promise<ScanJob> {
  const { stats } = context;
  const began = performance.now();
  const fetched = await Promise.all(pieces.map((piece) => fetchPiece(piece, columns, context)));
  stats.fetchSeconds += (performance.now() - began) / 1000;
  stats.compressedBytes += pieces.reduce((bytes, { storedBytes }) => bytes + storedBytes, 0);
  for (const { blocks } of pieces) for (const block of blocks) if (block.recent) countRecent(block, stats);
  stats.jobs++;
  return { log, task, pieces: fetched };
}

function countRecent({ bytes, entries }: BlockRef, stats: QueryStats): void {
  stats.recentBlocks++;
  stats.recentBytes += bytes;
  stats.recentLines += entries;
}

async function fetchPiece(
  { labels, start, end, blocks, reads }: Piece,
  columns: Columns,
  context: QueryContext,
): Promise<ScanPiece> {
  const want = blocks.length > 1 ? allColumns : columns;
  const fetched = await Promise.all(
    blocks.map((block) => {
      const times = reads.get(block);
      const wanted = times === undefined ? want : { ...want, reads: times };
      return context.unlessDamaged(block.fetch(wanted, context.signal), undefined);
    }),
  );
  return { labels, start, end, blocks: fetched.filter((stored) => stored !== undefined) };
}
