import type { BlockRef } from "@ratatosk/model";
import type { Pipeline } from "@ratatosk/pipeline";

/** Leaves out blocks of which their skip index says that no line can pass. */
export class BlockSkip {
  readonly #needles: Pipeline["needles"];

  constructor({ needles }: Pick<Pipeline, "needles">) {
    this.#needles = needles;
  }

  /** Whether skip indexes are needed at all. */
  get asks(): boolean {
    return this.#needles.length > 0;
  }

  /** False only if no line of the block can pass the pipeline. */
  mayMatch(block: BlockRef): boolean {
    return this.#needles.every((texts) => texts.some((text) => block.mayContain(text)));
  }
}
