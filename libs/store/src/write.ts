import { buildIndex, type IndexContent, type IndexedChunk, type IndexedSegment } from "@ratatosk/label-index";
import type { ObjectStore } from "@ratatosk/object-store";
import { indexKey, type ObjectName, segmentKey } from "./keys.ts";
import { encodeSegment } from "./segment/encode-segment.ts";
import type { SegmentChunk } from "./segment/segment-format.ts";

/** A segment that lies in the store, and what an index has to say of it. */
export interface WrittenSegment {
  readonly segment: IndexedSegment;
  readonly chunks: readonly Omit<IndexedChunk, "segment">[];
}

/** Writes chunks of one tenant and day as a segment. It is found only once an index file names it. */
export async function writeSegment(
  objects: ObjectStore,
  name: ObjectName,
  chunks: readonly SegmentChunk[],
): Promise<WrittenSegment> {
  const key = segmentKey(name);
  const encoded = encodeSegment(chunks);
  await objects.put(key, encoded.pieces);
  return { segment: { key, bytes: encoded.bytes, directory: encoded.directory }, chunks: encoded.chunks };
}

/** Writes an index file and returns its key. What it replaces is ignored from then on. */
export async function writeIndex(objects: ObjectStore, name: ObjectName, content: IndexContent): Promise<string> {
  const key = indexKey(name);
  await objects.put(key, buildIndex(content));
  return key;
}

/** What an index says of segments just written. */
export function indexContent(written: readonly WrittenSegment[], replaces: readonly string[] = []): IndexContent {
  return {
    segments: written.map(({ segment }) => segment),
    replaces,
    chunks: written.flatMap(({ chunks }, segment) => chunks.map((chunk) => ({ ...chunk, segment }))),
  };
}
