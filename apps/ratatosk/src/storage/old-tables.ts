import type { IndexDamage, OldBucket, OldStream, Table } from "@ratatosk/loki-bucket";

/** What one tenant has in one table of an old bucket's index, usually a day. */
export interface OldTableSize {
  readonly tenant: string;
  readonly day: string;
  /** As the period of the schema says: `tsdb v13`. */
  readonly store: string;
  readonly indexes: number;
  readonly streams: number;
  /** Chunks that the index names; one that crosses midnight counts on its first day. */
  readonly chunks: number;
  /** Undefined where the index does not tell. */
  readonly entries: number | undefined;
  readonly rawBytes: number | undefined;
  /** Chunks that lie in the bucket. */
  readonly objects: number;
  readonly storedBytes: number;
}

/** A table, and what of a tenant begins in its time by the names of the objects. */
export interface OldTable extends Table {
  objects: number;
  bytes: number;
}

export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The tables of the index, and the days of chunks that no table covers, ascending. */
export async function tablesOf(bucket: OldBucket, tenant: string): Promise<OldTable[]> {
  const tables = new Map((await bucket.tables()).map((table) => [table.fromMs, { ...table, objects: 0, bytes: 0 }]));
  for await (const { fromMs, size } of bucket.objects(tenant)) {
    const own = bucket.tableAt(fromMs);
    const table = tables.get(own.fromMs) ?? { ...own, objects: 0, bytes: 0 };
    table.objects++;
    table.bytes += size;
    tables.set(own.fromMs, table);
  }
  return [...tables.values()].sort((a, b) => a.fromMs - b.fromMs);
}

/** The streams of a table with the chunks that no table before named: `carried` holds the keys of those that reach further. */
export async function ownStreams(
  bucket: OldBucket,
  tenant: string,
  table: Table,
  { carried, damaged, signal }: { carried: Set<string>; damaged: (damage: IndexDamage) => void; signal: AbortSignal },
): Promise<OldStream[]> {
  const streams = await bucket.streams(tenant, table, damaged, signal);
  const own = streams.map(({ labels, chunks }) => ({ labels, chunks: chunks.filter(({ key }) => !carried.has(key)) }));
  for (const { chunks } of own)
    for (const { key, throughMs } of chunks) if (throughMs > table.throughMs) carried.add(key);
  return own;
}

/** Sizes of a tenant's tables in an old bucket, oldest first. Index files that cannot be read are left to `verify`. */
export async function oldTableSizes(bucket: OldBucket, tenant: string): Promise<OldTableSize[]> {
  const sizes: OldTableSize[] = [];
  const reading = { carried: new Set<string>(), damaged: () => undefined, signal: new AbortController().signal };
  for (const table of await tablesOf(bucket, tenant)) {
    const streams = await ownStreams(bucket, tenant, table, reading);
    const chunks = streams.flatMap((stream) => stream.chunks);
    if (chunks.length === 0 && table.objects === 0) continue;
    const sum = (of: "entries" | "bytes"): number | undefined =>
      chunks.reduce<number | undefined>(
        (total, chunk) => addKnown(total, chunk[of]),
        chunks.length === 0 ? undefined : 0,
      );
    sizes.push({
      tenant,
      day: dayOf(table.fromMs),
      store: `${table.period.store} v${table.period.schema}`,
      indexes: (await bucket.indexKeys(tenant, table)).length,
      streams: streams.length,
      chunks: chunks.length,
      entries: sum("entries"),
      rawBytes: sum("bytes"),
      objects: table.objects,
      storedBytes: table.bytes,
    });
  }
  return sizes;
}

const addKnown = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;
