import type { LogExpr } from "@ratatosk/logql";
import type { BlockLocation } from "@ratatosk/model";
import type { ScanPiece, ScanResult, ScanTask } from "../scan/job.ts";

/** A scan whose blocks are named instead of read: whoever reaches the same store can run it. */
export interface SharedJob {
  readonly log: LogExpr;
  readonly task: ScanTask;
  readonly pieces: readonly LocatedPiece[];
}

/** A piece of a scan whose blocks are named. */
export interface LocatedPiece extends Omit<ScanPiece, "blocks"> {
  readonly blocks: readonly BlockLocation[];
}

/** What the scan of a shared job found. */
export interface SharedResult {
  readonly result: ScanResult;
  /** How long its blocks took to be read. */
  readonly fetchSeconds: number;
}

/** Other processes that run jobs of this one. */
export interface ScanPeers {
  /** How many jobs they take at once, on top of what this process does itself. */
  readonly slots: number;
  /** What a peer found; undefined where none could take the job or finish it: then it is this process's own. */
  run(job: SharedJob, tenants: readonly string[], signal: AbortSignal): Promise<SharedResult | undefined>;
}
