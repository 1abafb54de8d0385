const counters = ["streams", "chunks", "entries", "duplicates", "bytes", "storedBytes"] as const;

/**
 * Streams (anew each day), chunks, entries stored, copies of them that replicas or overlapping chunks held, raw bytes of
 * the lines, bytes of the segments written.
 */
export type Counts = Record<(typeof counters)[number], number>;

export const noCounts = (): Counts => ({ streams: 0, chunks: 0, entries: 0, duplicates: 0, bytes: 0, storedBytes: 0 });

/** Adds `more` to `counts`. */
export function addCounts(counts: Counts, more: Readonly<Counts>): void {
  for (const counter of counters) counts[counter] += more[counter];
}

/** What has been counted since `before`. */
export function countsSince(before: Readonly<Counts>, now: Readonly<Counts>): Counts {
  const since = noCounts();
  for (const counter of counters) since[counter] = now[counter] - before[counter];
  return since;
}
