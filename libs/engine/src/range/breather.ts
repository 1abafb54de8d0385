import { setImmediate } from "node:timers/promises";

/** Longest work at a stretch on the thread that also answers health checks and tails. */
const stretchMs = 10;

/** Gives others a turn between stretches of work, and ends the work once the query is cancelled. */
export class Breather {
  readonly #signal: AbortSignal;
  #until = performance.now() + stretchMs;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** True once the work has gone on for a stretch: then `rest` is due. */
  get isDue(): boolean {
    return performance.now() >= this.#until;
  }

  async rest(): Promise<void> {
    await setImmediate();
    this.#signal.throwIfAborted();
    this.#until = performance.now() + stretchMs;
  }
}
