import type { QueryStats } from "@ratatosk/model";

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
    querier: { store: storeJson(stats) },
    ingester: { totalReached: 0, totalChunksMatched: 0, totalBatches: 0, totalLinesSent: 0, store: storeJson() },
    cache: Object.fromEntries(caches.map((name) => [name, emptyCache])),
    index: {
      totalChunks: stats.chunksMatched,
      postFilterChunks: stats.chunksMatched,
      shardsDuration: 0,
      usedBloomFilters: false,
      totalStreams: stats.streams,
    },
  };
}

function storeJson(stats?: QueryStats): unknown {
  const seconds = (time: number): number => Math.round(time * 1e9);
  return {
    totalChunksRef: stats?.chunksMatched ?? 0,
    totalChunksDownloaded: stats?.blocksRead ?? 0,
    chunksDownloadTime: seconds(stats?.fetchSeconds ?? 0),
    queryReferencedStructuredMetadata: (stats?.metadataBytes ?? 0) > 0,
    queryUsedV2Engine: false,
    chunk: {
      headChunkBytes: 0,
      headChunkLines: 0,
      decompressedBytes: stats?.bytes ?? 0,
      decompressedLines: stats?.lines ?? 0,
      compressedBytes: stats?.compressedBytes ?? 0,
      totalDuplicates: stats?.duplicates ?? 0,
      postFilterLines: stats?.postFilterLines ?? 0,
      headChunkStructuredMetadataBytes: 0,
      decompressedStructuredMetadataBytes: stats?.metadataBytes ?? 0,
    },
    chunkRefsFetchTime: seconds(stats?.selectSeconds ?? 0),
    congestionControlLatency: 0,
    pipelineWrapperFilteredLines: 0,
  };
}
