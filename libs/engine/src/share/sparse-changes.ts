/** Changes of many series from window to window, without those that are 0: an entry changes two of maybe thousands. */
export interface SparseChanges {
  /** How many changes each series has. */
  readonly sizes: Uint32Array;
  /** The window of each, and by how much. */
  readonly positions: Uint32Array;
  readonly changes: Float64Array;
}

export function packChanges(series: readonly Float64Array[]): SparseChanges {
  const sizes = Uint32Array.from({ length: series.length }, (_, id) => changesOf(series[id]));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const [positions, changes] = [new Uint32Array(total), new Float64Array(total)];
  let at = 0;
  for (let id = 0; id < series.length; id++) {
    const own = series[id];
    if (own === undefined) continue;
    for (let window = 0; window < own.length; window++) {
      if (own[window] === 0) continue;
      positions[at] = window;
      changes[at++] = own[window]!;
    }
  }
  return { sizes, positions, changes };
}

/** Series over so many windows; a series without changes is a hole. Throws RangeError where the numbers do not agree. */
export function unpackChanges({ sizes, positions, changes }: SparseChanges, windows: number): Float64Array[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== positions.length || total !== changes.length) throw new RangeError("not as many changes as there are");
  const series: Float64Array[] = [];
  let at = 0;
  for (let id = 0; id < sizes.length; id++) {
    if (sizes[id] === 0) continue;
    const own = new Float64Array(windows + 1);
    for (const end = at + sizes[id]!; at < end; at++) own[positions[at]!] = changes[at]!;
    series[id] = own;
  }
  return series;
}

function changesOf(series: Float64Array | undefined): number {
  let found = 0;
  if (series !== undefined) for (const change of series) if (change !== 0) found++;
  return found;
}
