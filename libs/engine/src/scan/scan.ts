import { RatatoskError } from "@ratatosk/model";
import { countScan } from "./count-scan.ts";
import type { ScanJob, ScanPiece, ScanResult } from "./job.ts";
import { linesScan } from "./lines-scan.ts";
import { samplesScan } from "./samples-scan.ts";

/**
 * Decodes the blocks of a job, runs the pipeline over them and aggregates. Depends on nothing but the job. Throws
 * cancelled once `isCancelled` says so, which is asked from piece to piece.
 */
export function scan(job: ScanJob, isCancelled: () => boolean = () => false): ScanResult {
  const pieces = untilCancelled(job.pieces, isCancelled);
  switch (job.task.kind) {
    case "lines":
      return linesScan(pieces, job.log, job.task);
    case "count":
      return countScan(pieces, job.log, job.task);
    case "samples":
      return samplesScan(pieces, job.log, job.task);
  }
}

function* untilCancelled(pieces: readonly ScanPiece[], isCancelled: () => boolean): Generator<ScanPiece> {
  for (const piece of pieces) {
    if (isCancelled()) throw new RatatoskError("cancelled", "the request was cancelled by the client");
    yield piece;
  }
}
