import { levelsOf, packBlockAside, sortBlock } from "@ratatosk/chunk";
import type { Block } from "@ratatosk/model";
import { buildSkip } from "@ratatosk/skip-index";
import type { SegmentBlock } from "./segment-format.ts";

/**
 * A block made ready for a segment: rows ascending by time, exact duplicates dropped, compressed (with zstd at a level),
 * with its skip index.
 */
export async function sealBlock(block: Block, level = 1): Promise<SegmentBlock> {
  const sorted = sortBlock(block);
  const columns = await packBlockAside(sorted, "zstd", level);
  const values = sorted.metadata.flatMap((column) => column.values);
  return { columns, levels: levelsOf(sorted), skip: buildSkip(sorted.lines, sorted.offsets, { values }) };
}
