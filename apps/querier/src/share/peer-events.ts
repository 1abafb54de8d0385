import { Counter, type Logger, type Registry } from "@ratatosk/observability";

/** What became of a job that was given away. */
export type Outcome = "done" | "failed" | "slow";

/** Tells how the work is shared. */
export class PeerEvents {
  readonly #log: Logger;
  readonly #jobs: Counter;

  constructor(log: Logger, registry: Registry) {
    this.#log = log;
    this.#jobs = new Counter({
      name: "ratatosk_querier_shared_jobs_total",
      help: "Jobs of queries given to other queriers: done there, or failed or slow there and done elsewhere.",
      labelNames: ["outcome"],
      registers: [registry],
    });
  }

  job(address: string, outcome: Outcome, reason?: string): void {
    this.#jobs.inc({ outcome });
    if (outcome !== "done") this.#log.debug({ querier: address, outcome, reason }, "a job comes back from a querier");
  }
}
