import { emptyStats, type QueryStats } from "@ratatosk/model";

const emptyCache = {
  entriesFound: 0,
  entriesRequested: 0,
  entriesStored: 0,
  bytesReceived: 0,
  bytesSent: 0,
  requests: 0,
  downloadTime: 0,
  queryLengthServed: 0,
};
const caches = [
  "chunk",
  "index",
  "result",
  "statsResult",
  "volumeResult",
  "seriesResult",
  "labelResult",
  "instantMetricResult",
];

const perSecond = (amount: number, seconds: number): number => (seconds > 0 ? Math.round(amount / seconds) : 0);

/** The `stats` object of an answer. */
export function statsJson(stats: QueryStats): unknown {
  const { bytes, lines, metadataBytes, execSeconds, postFilterLines } = stats;
  return {
    summary: {
      bytesProcessedPerSecond: perSecond(bytes, execSeconds),
      linesProcessedPerSecond: perSecond(lines, execSeconds),
      totalBytesProcessed: bytes,
      totalLinesProcessed: lines,
      execTime: execSeconds,
      queueTime: 0,
      subqueries: 0,
      totalEntriesReturned: stats.entriesReturned,
      splits: 0,
      shards: stats.jobs,
      totalPostFilterLines: postFilterLines,
      totalStructuredMetadataBytesProcessed: metadataBytes,
    },
    querier: { store: storeJson(storedOf(stats)) },
    ingester: {
      totalReached: stats.ingesters,
      totalChunksMatched: stats.recentChunks,
      totalBatches: stats.recentBlocks,
      totalLinesSent: stats.recentLines,
      store: storeJson(recentOf(stats)),
    },
    cache: { ...Object.fromEntries(caches.map((name) => [name, emptyCache])), result: resultsJson(stats) },
    index: {
      totalChunks: stats.chunksMatched,
      postFilterChunks: stats.chunksMatched,
      shardsDuration: 0,
      usedBloomFilters: false,
      totalStreams: stats.streams,
    },
  };
}

/** Results are kept by spans of time. */
function resultsJson({ spans, spansKept }: QueryStats): unknown {
  return { ...emptyCache, entriesFound: spansKept, entriesRequested: spans, requests: Math.sign(spans) };
}

/** What came from the store: all that did not come from ingesters. */
function storedOf(stats: QueryStats): QueryStats {
  return {
    ...stats,
    chunksMatched: stats.chunksMatched - stats.recentChunks,
    blocksRead: Math.max(0, stats.blocksRead - stats.recentBlocks),
    bytes: Math.max(0, stats.bytes - stats.recentBytes),
    lines: Math.max(0, stats.lines - stats.recentLines),
  };
}

function recentOf(stats: QueryStats): QueryStats {
  return {
    ...emptyStats(),
    chunksMatched: stats.recentChunks,
    blocksRead: stats.recentBlocks,
    bytes: stats.recentBytes,
    lines: stats.recentLines,
  };
}

function storeJson(stats: QueryStats): unknown {
  const seconds = (time: number): number => Math.round(time * 1e9);
  return {
    totalChunksRef: stats.chunksMatched,
    totalChunksDownloaded: stats.blocksRead,
    chunksDownloadTime: seconds(stats.fetchSeconds),
    queryReferencedStructuredMetadata: stats.metadataBytes > 0,
    queryUsedV2Engine: false,
    chunk: {
      headChunkBytes: 0,
      headChunkLines: 0,
      decompressedBytes: stats.bytes,
      decompressedLines: stats.lines,
      compressedBytes: stats.compressedBytes,
      totalDuplicates: stats.duplicates,
      postFilterLines: stats.postFilterLines,
      headChunkStructuredMetadataBytes: 0,
      decompressedStructuredMetadataBytes: stats.metadataBytes,
    },
    chunkRefsFetchTime: seconds(stats.selectSeconds),
    congestionControlLatency: 0,
    pipelineWrapperFilteredLines: 0,
  };
}
