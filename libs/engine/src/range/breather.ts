/** Longest work at a stretch on the thread that also answers health checks and tails. */
const stretchMs = 10;

/** Who waits for a turn, in the order in which they came; and when the turn of the last one ends. */
const waiting: (() => void)[] = [];
let turnEnds = -Infinity;

/** All that is long takes turns, one between two looks at what else came: also many queries together are no long stretch. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(next);
  });
}

function next(): void {
  turnEnds = performance.now() + stretchMs;
  waiting.shift()!();
  // Asked for within a turn, the next one comes after all other events that are there by then.
  if (waiting.length > 0) setImmediate(next);
}

/** Gives others a turn between stretches of work, and ends the work once the query is cancelled. */
export class Breather {
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** True once the turn is over: then `rest` is due. */
  get isDue(): boolean {
    return performance.now() >= turnEnds;
  }

  async rest(): Promise<void> {
    await turn();
    this.#signal.throwIfAborted();
  }
}
