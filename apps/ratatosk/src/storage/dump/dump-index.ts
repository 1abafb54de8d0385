import { LabelIndex } from "@ratatosk/label-index";
import { formatLabels } from "@ratatosk/model";
import type { DumpRecord } from "./dump-record.ts";

/** An index file: what it replaces, the segments that it names, the chunks that it knows. */
export function* dumpIndex(key: string, bytes: Uint8Array): Generator<DumpRecord> {
  const index = new LabelIndex(bytes);
  const { segments, replaces, chunks } = index.content();
  yield { kind: "index", key, bytes: bytes.length, series: index.seriesCount, segments: segments.length };
  for (const replaced of replaces) yield { kind: "replaces", key: replaced };
  for (const [at, { key: named, bytes: size, directory }] of segments.entries())
    yield { kind: "names", segment: at, key: named, bytes: size, directoryAt: directory.offset };
  for (const { labels, segment, ordinal, minTime, maxTime, entries, bytes: raw, levels } of chunks)
    yield {
      kind: "chunk",
      segment,
      chunk: ordinal,
      stream: formatLabels(labels),
      minTime,
      maxTime,
      entries,
      bytes: raw,
      levels,
    };
}
