import { formatLabels } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { liveIndexes } from "./list.ts";

/** What a stream holds, over all days. */
export interface StreamSize {
  readonly stream: string;
  readonly chunks: number;
  readonly entries: number;
  /** Of the lines. */
  readonly rawBytes: number;
}

/** The streams of a tenant, the largest first. */
export async function streamSizes(objects: ObjectStore, tenant: string): Promise<StreamSize[]> {
  const sizes = new Map<string, StreamSize>();
  for (const [, index] of [...(await liveIndexes(objects, tenant)).values()].flat())
    for (const { labels, entries, bytes } of index.content().chunks) {
      const stream = formatLabels(labels);
      const known = sizes.get(stream) ?? { stream, chunks: 0, entries: 0, rawBytes: 0 };
      sizes.set(stream, {
        stream,
        chunks: known.chunks + 1,
        entries: known.entries + entries,
        rawBytes: known.rawBytes + bytes,
      });
    }
  return [...sizes.values()].sort((a, b) => b.rawBytes - a.rawBytes);
}
