/** What a query cost: counters that add up. Times are seconds. */
export interface QueryStats {
  /** Chunks that the index named, and those of which something was read. */
  chunksMatched: number;
  chunksRead: number;
  /** Ingesters asked, the chunks they named, and what was read of these. */
  ingesters: number;
  recentChunks: number;
  recentBlocks: number;
  recentBytes: number;
  recentLines: number;
  /** Blocks read, and bytes of them as stored. */
  blocksRead: number;
  compressedBytes: number;
  /** Blocks of which the skip index said that nothing in them can match. */
  blocksSkipped: number;
  /** Blocks that could not be decoded and were left out. */
  blocksDamaged: number;
  /** Raw bytes and lines looked at. */
  bytes: number;
  lines: number;
  metadataBytes: number;
  /** Lines that passed the pipeline. */
  postFilterLines: number;
  /** Entries that several sources had. */
  duplicates: number;
  /** Jobs into which the scan was split. */
  jobs: number;
  /** Streams selected. */
  streams: number;
  /** Spans of time whose results may be kept, and those whose results were. */
  spans: number;
  spansKept: number;
  selectSeconds: number;
  fetchSeconds: number;
  execSeconds: number;
  entriesReturned: number;
}

export function emptyStats(): QueryStats {
  return {
    chunksMatched: 0,
    chunksRead: 0,
    ingesters: 0,
    recentChunks: 0,
    recentBlocks: 0,
    recentBytes: 0,
    recentLines: 0,
    blocksRead: 0,
    blocksSkipped: 0,
    blocksDamaged: 0,
    compressedBytes: 0,
    bytes: 0,
    lines: 0,
    metadataBytes: 0,
    postFilterLines: 0,
    duplicates: 0,
    jobs: 0,
    streams: 0,
    spans: 0,
    spansKept: 0,
    selectSeconds: 0,
    fetchSeconds: 0,
    execSeconds: 0,
    entriesReturned: 0,
  };
}

/** Adds every counter of `more` to `stats`. */
export function addStats(stats: QueryStats, more: Readonly<Partial<QueryStats>>): void {
  for (const [name, value] of Object.entries(more)) stats[name as keyof QueryStats] += value;
}
