import { answerJob, decodeJob, encodeResult, type ScanRunner } from "@ratatosk/engine";
import { RatatoskError } from "@ratatosk/model";
import type { QuerierApi, ScanCall } from "@ratatosk/proto";
import type { Store } from "@ratatosk/store";

interface AnswersModules {
  readonly store: Pick<Store, "located">;
  readonly runner: ScanRunner;
}

/** Jobs at once, for each thread: one that is scanned and one that is read. More are refused: their querier does them. */
const jobsOfThread = 2;

/** Runs jobs of other queriers. */
export class ScanAnswers implements QuerierApi {
  readonly #modules: AnswersModules;
  #running = 0;

  constructor(modules: AnswersModules) {
    this.#modules = modules;
  }

  async *scan(job: Uint8Array, { tenants, signal }: ScanCall): AsyncGenerator<Uint8Array> {
    const { store, runner } = this.#modules;
    if (this.#running >= jobsOfThread * runner.concurrency)
      throw new RatatoskError("unavailable", "the querier has enough to do");
    this.#running++;
    try {
      const blocks = store.located(tenants);
      const fetch: typeof blocks.fetch = (location, want, until) => blocks.fetch(location, want, until);
      yield* encodeResult(await answerJob(decodeJob(job), { runner, signal, fetch }));
    } finally {
      this.#running--;
    }
  }
}
