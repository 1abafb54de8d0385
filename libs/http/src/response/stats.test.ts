import { emptyStats } from "@ratatosk/model";
import { expect, test } from "vitest";
import { statsJson } from "./stats.ts";

test("what ingesters gave and what the store gave are told apart, the summary has both", () => {
  const read = { chunksMatched: 5, blocksRead: 9, bytes: 1000, lines: 100, execSeconds: 2 };
  const recent = { ingesters: 3, recentChunks: 2, recentBlocks: 4, recentBytes: 400, recentLines: 40 };
  expect(statsJson({ ...emptyStats(), ...read, ...recent })).toMatchObject({
    summary: { totalBytesProcessed: 1000, totalLinesProcessed: 100, bytesProcessedPerSecond: 500 },
    querier: { store: { totalChunksRef: 3, totalChunksDownloaded: 5, chunk: { decompressedBytes: 600 } } },
    ingester: {
      totalReached: 3,
      totalChunksMatched: 2,
      totalBatches: 4,
      totalLinesSent: 40,
      store: { chunk: { decompressedBytes: 400, decompressedLines: 40 } },
    },
  });
});
