import { allColumns, type BlockLocation, type Columns, type StoredBlock } from "@ratatosk/model";
import { pipelineOf } from "../plan/plan-pipeline.ts";
import type { ScanPiece } from "../scan/job.ts";
import type { ScanRunner } from "../scan/runner.ts";
import type { LocatedPiece, SharedJob, SharedResult } from "./shared-job.ts";

export interface AnswerModules {
  readonly runner: ScanRunner;
  readonly signal: AbortSignal;
  /** Reads a block. */
  readonly fetch: (location: BlockLocation, want: Columns, signal: AbortSignal) => Promise<StoredBlock>;
}

/** Runs a job of another process. Throws where a block cannot be read: whoever asked then does it and warns. */
export async function answerJob(job: SharedJob, modules: AnswerModules): Promise<SharedResult> {
  const { log, task } = job;
  const { columns } = pipelineOf(log, task);
  const began = performance.now();
  const pieces = await Promise.all(job.pieces.map((piece) => fetchPiece(piece, columns, modules)));
  const fetchSeconds = (performance.now() - began) / 1000;
  return { result: await modules.runner.run({ log, task, pieces }, modules.signal), fetchSeconds };
}

async function fetchPiece(
  { labels, start, end, blocks }: LocatedPiece,
  columns: Columns,
  { fetch, signal }: AnswerModules,
): Promise<ScanPiece> {
  const want = blocks.length > 1 ? allColumns : columns;
  return { labels, start, end, blocks: await Promise.all(blocks.map((block) => fetch(block, want, signal))) };
}
