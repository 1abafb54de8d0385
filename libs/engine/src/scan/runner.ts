import { turn } from "../range/breather.ts";
import type { ScanJob, ScanResult } from "./job.ts";
import { scan } from "./scan.ts";

/** Runs scans: on this thread, in workers, on peers. */
export interface ScanRunner {
  /** How many jobs are worth having under way at once. */
  readonly concurrency: number;
  /** The bytes of the job belong to the runner from now on. */
  run(job: ScanJob, signal: AbortSignal): Promise<ScanResult>;
}

/** Scans on this thread, between other events. */
export const localRunner: ScanRunner = {
  concurrency: 1,
  async run(job, signal) {
    await turn();
    signal.throwIfAborted();
    return scan(job);
  },
};
