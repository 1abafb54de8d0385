import { RatatoskError } from "@ratatosk/model";

/** What one query may hold in memory. */
export class QueryBudget {
  #left: number;
  readonly #total: number;

  constructor(bytes: number) {
    this.#left = bytes;
    this.#total = bytes;
  }

  /** Takes bytes for the rest of the query; negative ones give back. Throws once there are none left. */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0)
      throw new RatatoskError(
        "bad_request",
        `the query needs more than ${Math.round(this.#total / 2 ** 20)} MiB of memory; consider adding more specific stream selectors, reducing the time range, or grouping by fewer labels`,
      );
  }
}
