import type { BlockLocation } from "@ratatosk/model";
import { fetchJob, type JobScan } from "../plan/fetch-job.ts";
import type { Piece } from "../plan/pieces.ts";
import type { QueryContext } from "../query-context.ts";
import type { ScanResult } from "../scan/job.ts";
import type { LocatedPiece } from "./shared-job.ts";

/**
 * Runs the jobs of one scan: as many here as there are threads, more of them at peers. What a job gives is the same
 * wherever it runs, and what a peer does not give is done here.
 */
export class JobRunner {
  readonly #scan: JobScan;
  readonly #context: QueryContext;
  #own = 0;

  constructor(scan: JobScan, context: QueryContext) {
    this.#scan = scan;
    this.#context = context;
  }

  /** How many jobs are worth having under way at once. */
  get width(): number {
    return Math.max(1, this.#context.runner.concurrency + (this.#context.peers?.slots ?? 0));
  }

  async run(pieces: readonly Piece[]): Promise<ScanResult> {
    const isShared = this.#own >= this.#context.runner.concurrency;
    return (isShared && (await this.#atPeer(pieces))) || (await this.#here(pieces));
  }

  async #here(pieces: readonly Piece[]): Promise<ScanResult> {
    const { runner, gate, signal } = this.#context;
    this.#own++;
    try {
      return await gate.with(async () => {
        signal.throwIfAborted();
        return runner.run(await fetchJob(this.#scan, pieces, this.#context), signal);
      });
    } finally {
      this.#own--;
    }
  }

  async #atPeer(pieces: readonly Piece[]): Promise<ScanResult | undefined> {
    const { peers, tenants, signal, stats } = this.#context;
    const located = pieces.map(locatedPiece);
    if (peers === undefined || !located.every((piece) => piece !== undefined)) return undefined;
    const { log, task } = this.#scan;
    const shared = await peers.run({ log, task, pieces: located }, tenants, signal);
    signal.throwIfAborted();
    if (shared === undefined) return undefined;
    stats.fetchSeconds += shared.fetchSeconds;
    stats.compressedBytes += pieces.reduce((bytes, { storedBytes }) => bytes + storedBytes, 0);
    stats.jobs++;
    return shared.result;
  }
}

/** The piece by its blocks' places; undefined where only this process can read one. */
function locatedPiece({ labels, start, end, blocks }: Piece): LocatedPiece | undefined {
  const locations = blocks.map((block) => block.locate?.());
  return locations.every((location): location is BlockLocation => location !== undefined)
    ? { labels, start, end, blocks: locations }
    : undefined;
}
