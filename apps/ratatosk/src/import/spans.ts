import type { OldBucket, Table } from "@ratatosk/loki-bucket";

/** A part of a tenant's time that is imported whole or not at all, usually a day. Milliseconds, both inclusive. */
export interface Span {
  readonly fromMs: number;
  readonly throughMs: number;
  /** A chunk that begins before is counted in an earlier span. */
  readonly countsFromMs: number;
}

interface Range {
  readonly fromMs: number;
  readonly throughMs: number;
}

/** What of the tables lies in a range. */
export function spansOf(tables: readonly Range[], { fromMs, throughMs }: Range): Span[] {
  const touched = tables.filter((table) => touches(table, { fromMs, throughMs }));
  return touched.map((table, at) => ({
    fromMs: Math.max(table.fromMs, fromMs),
    throughMs: Math.min(table.throughMs, throughMs),
    countsFromMs: (touched[at - 1]?.throughMs ?? -Infinity) + 1,
  }));
}

/** No chunk of Loki spans more days. */
const mostTables = 100;

/** The tables whose time a tenant's chunks touch by their names, ascending. */
export async function tablesTouched(bucket: OldBucket, tenant: string): Promise<Table[]> {
  const tables = new Map<number, Table>();
  for await (const { fromMs, throughMs } of bucket.objects(tenant))
    for (let at = fromMs, left = mostTables; at <= throughMs && left > 0; left--) {
      const table = bucket.tableAt(at);
      tables.set(table.fromMs, table);
      at = table.throughMs + 1;
    }
  return [...tables.values()].sort((a, b) => a.fromMs - b.fromMs);
}

export const touches = (one: Range, { fromMs, throughMs }: Range): boolean =>
  one.throughMs >= fromMs && one.fromMs <= throughMs;
