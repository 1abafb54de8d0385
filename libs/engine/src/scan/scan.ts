import { countScan } from "./count-scan.ts";
import type { ScanJob, ScanResult } from "./job.ts";
import { linesScan } from "./lines-scan.ts";
import { samplesScan } from "./samples-scan.ts";

/** Decodes the blocks of a job, runs the pipeline over them and aggregates. Depends on nothing but the job. */
export function scan(job: ScanJob): ScanResult {
  switch (job.task.kind) {
    case "lines":
      return linesScan(job, job.task);
    case "count":
      return countScan(job, job.task);
    case "samples":
      return samplesScan(job, job.task);
  }
}
