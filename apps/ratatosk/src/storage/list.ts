import { LabelIndex } from "@ratatosk/label-index";
import { RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { dayOfIndex, indexPrefix } from "@ratatosk/store";

/** What one tenant has stored of one day. */
export interface DaySize {
  readonly tenant: string;
  readonly day: string;
  readonly indexes: number;
  readonly segments: number;
  readonly streams: number;
  readonly entries: number;
  /** Of the lines. */
  readonly rawBytes: number;
  readonly storedBytes: number;
}

/** Tenants of a store, sorted. */
export async function tenantsOf(objects: ObjectStore): Promise<string[]> {
  return (await objects.folders("")).filter((name) => /^[a-zA-Z0-9!\-_.*'()]+$/.test(name));
}

/** The index files of a tenant that count, by day; those that cannot be read are left to `verify`. */
export async function liveIndexes(objects: ObjectStore, tenant: string): Promise<Map<string, [string, LabelIndex][]>> {
  const opened: [string, LabelIndex][] = [];
  for await (const { key } of objects.list(indexPrefix(tenant))) {
    if (dayOfIndex(key) === undefined) continue;
    try {
      opened.push([key, new LabelIndex(await objects.get(key))]);
    } catch (error) {
      if (RatatoskError.from(error).code !== "corrupt") throw error;
    }
  }
  const replaced = new Set(opened.flatMap(([, { replaces }]) => replaces));
  return Map.groupBy(
    opened.filter(([key]) => !replaced.has(key)),
    ([key]) => dayOfIndex(key)!,
  );
}

/** Sizes of a tenant's days, oldest first. */
export async function daySizes(objects: ObjectStore, tenant: string): Promise<DaySize[]> {
  const days = await liveIndexes(objects, tenant);
  return [...days].map(([day, indexes]) => {
    const contents = indexes.map(([, index]) => index.content());
    const chunks = contents.flatMap((content) => content.chunks);
    const segments = new Map(contents.flatMap((content) => content.segments.map(({ key, bytes }) => [key, bytes])));
    return {
      tenant,
      day,
      indexes: indexes.length,
      segments: segments.size,
      streams: new Set(chunks.map(({ labels }) => labels.join())).size,
      entries: chunks.reduce((sum, { entries }) => sum + entries, 0),
      rawBytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0),
      storedBytes: [...segments.values()].reduce((sum, bytes) => sum + bytes, 0),
    };
  });
}
