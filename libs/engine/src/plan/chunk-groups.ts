import type { Chunk, Labels } from "@ratatosk/model";

/** Chunks of one stream that overlap in time, directly or through others. Usually one chunk. */
export interface ChunkGroup {
  readonly labels: Labels;
  readonly chunks: readonly Chunk[];
  readonly minTime: bigint;
  readonly maxTime: bigint;
}

/** Sorts chunks into groups; entries of different groups never are the same. */
export function chunkGroups(chunks: readonly Chunk[]): ChunkGroup[] {
  const byStream = Map.groupBy(chunks, ({ stream }) => stream);
  return [...byStream.values()].flatMap(groupsOfStream);
}

function groupsOfStream(chunks: Chunk[]): ChunkGroup[] {
  chunks.sort((a, b) => (a.minTime < b.minTime ? -1 : a.minTime > b.minTime ? 1 : 0));
  const groups: { labels: Labels; chunks: Chunk[]; minTime: bigint; maxTime: bigint }[] = [];
  for (const chunk of chunks) {
    const last = groups.at(-1);
    if (last && chunk.minTime <= last.maxTime) {
      last.chunks.push(chunk);
      if (chunk.maxTime > last.maxTime) last.maxTime = chunk.maxTime;
    } else groups.push({ labels: chunk.labels, chunks: [chunk], minTime: chunk.minTime, maxTime: chunk.maxTime });
  }
  return groups;
}
