/** Changes of many series from window to window, without those that are 0: an entry changes two of maybe thousands. */
export interface SparseChanges {
  /** How many changes each series has. */
  readonly sizes: Uint32Array;
  /** The window of each, the last one of a series first, and by how much. */
  readonly positions: Uint32Array;
  readonly changes: Float64Array;
}

/** Throws RangeError where the numbers do not agree, or not with so many windows. */
export function checkChanges({ sizes, positions, changes }: SparseChanges, windows: number): void {
  let total = 0;
  for (const size of sizes) {
    for (let at = total + 1; at < total + size; at++)
      if (!(positions[at]! < positions[at - 1]!)) throw new RangeError("changes out of order");
    if (size > 0 && !(positions[total]! <= windows)) throw new RangeError("a change outside of all windows");
    total += size;
  }
  if (total !== positions.length || total !== changes.length) throw new RangeError("not as many changes as there are");
}
