import { RatatoskError } from "@ratatosk/model";

/** What all queries together may hold in memory. */
export class SharedMemory {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** False where there is not enough left. */
  take(bytes: number): boolean {
    if (bytes > 0 && bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}

/** What one query may hold in memory, which it shares with the others. */
export class QueryBudget {
  #left: number;
  readonly #total: number;
  readonly #shared: SharedMemory;

  constructor(bytes: number, shared = new SharedMemory(bytes)) {
    this.#left = bytes;
    this.#total = bytes;
    this.#shared = shared;
  }

  /** Gives back all that was taken: the query is done. */
  release(): void {
    this.#shared.take(this.#left - this.#total);
    this.#left = this.#total;
  }

  /** Takes bytes for the rest of the query; negative ones give back. Throws once there are none left. */
  take(bytes: number): void {
    if (bytes > this.#left)
      throw new RatatoskError(
        "bad_request",
        `the query needs more than ${Math.round(this.#total / 2 ** 20)} MiB of memory; consider adding more specific stream selectors, reducing the time range, or grouping by fewer labels`,
      );
    if (!this.#shared.take(bytes)) throw new RatatoskError("limit_exceeded", "too many outstanding requests");
    this.#left -= bytes;
  }
}
