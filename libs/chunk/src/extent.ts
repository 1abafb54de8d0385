import type { Block, Extent } from "@ratatosk/model";

/** Counts, bytes and times of a block with at least one row. */
export function extentOf(block: Block): Extent {
  const { min, max } = bounds(block.deltas);
  return {
    minTime: block.base + BigInt(min),
    maxTime: block.base + BigInt(max),
    entries: block.count,
    bytes: block.lines.length - block.count,
  };
}

/** The smallest and largest of some deltas, 0 where there are none. */
export function bounds(deltas: Float64Array): { min: number; max: number } {
  let min = deltas[0] ?? 0;
  let max = min;
  for (let row = 1; row < deltas.length; row++) {
    const delta = deltas[row]!;
    if (delta < min) min = delta;
    else if (delta > max) max = delta;
  }
  return { min, max };
}

/** Rows per `detected_level`; rows without one count as `unknown`. */
export function levelsOf(block: Block): Record<string, number> {
  const column = block.metadata.find(({ name }) => name === "detected_level");
  if (column === undefined) return { unknown: block.count };
  const counts = new Uint32Array(column.values.length + 1);
  for (let row = 0; row < block.count; row++) counts[column.index[row]!]!++;
  const levels: Record<string, number> = {};
  for (const [at, count] of counts.entries()) {
    if (count === 0) continue;
    const level = at === 0 ? "unknown" : column.values[at - 1]!;
    levels[level] = (levels[level] ?? 0) + count;
  }
  return levels;
}
