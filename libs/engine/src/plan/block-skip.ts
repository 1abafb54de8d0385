import type { BlockRef, QueryStats } from "@ratatosk/model";
import type { Pipeline } from "@ratatosk/pipeline";

/** Leaves out blocks of which their skip index says that no line can pass. */
export class BlockSkip {
  readonly #needles: Pipeline["needles"];
  readonly #stats: Pick<QueryStats, "blocksSkipped">;

  /** Counts what it leaves out in `stats`. */
  constructor({ needles }: Pick<Pipeline, "needles">, stats: Pick<QueryStats, "blocksSkipped">) {
    this.#needles = needles;
    this.#stats = stats;
  }

  /** Whether skip indexes are needed at all. */
  get asks(): boolean {
    return this.#needles.length > 0;
  }

  /** False only if no line of the block can pass the pipeline. */
  mayMatch(block: BlockRef): boolean {
    const may = this.#needles.every((texts) => texts.some((text) => block.mayContain(text)));
    if (!may) this.#stats.blocksSkipped++;
    return may;
  }
}
