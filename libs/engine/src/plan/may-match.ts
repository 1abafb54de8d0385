import type { BlockRef } from "@ratatosk/model";
import type { Pipeline } from "@ratatosk/pipeline";

/** False only if no line of the block can pass the pipeline. */
export function mayMatch(block: BlockRef, { needles }: Pipeline): boolean {
  return needles.every((texts) => texts.some((text) => block.mayContain(text)));
}
