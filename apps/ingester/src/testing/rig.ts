import { type BatchId, type ColumnsBlock, decodeBlock, encodeBatch } from "@ratatosk/chunk";
import { joinLines } from "@ratatosk/chunk/testing";
import { type Limits, LimitsConfig } from "@ratatosk/config";
import {
  allColumns,
  type Block,
  type ChunkSource,
  formatLabels,
  labelsFrom,
  lineOf,
  metadataOf,
  type Matcher,
  timeOf,
} from "@ratatosk/model";
import { MemoryStore, type ObjectStore } from "@ratatosk/object-store";
import { createLogger, Registry } from "@ratatosk/observability";
import { createStore, type Store, StoreConfig } from "@ratatosk/store";
import { IngesterConfig } from "../config.ts";
import { createIngester, type IngesterParts } from "../ingester.ts";

export const signal: AbortSignal = new AbortController().signal;

/** 2026-01-15T12:00:00Z */
export const noon = 1_768_478_400_000_000_000n;

export interface RigOptions {
  readonly directory: string;
  readonly objects?: ObjectStore;
  readonly limits?: Partial<Record<keyof Limits, unknown>>;
  readonly config?: Record<string, unknown>;
  readonly now?: () => number;
}

/** An ingester over a directory, started, and a store over its objects. */
export interface Rig extends IngesterParts {
  readonly objects: ObjectStore;
  readonly store: Store;
  readonly registry: Registry;
  stop(): Promise<void>;
}

export async function startRig(options: RigOptions): Promise<Rig> {
  const { directory, objects = new MemoryStore(), now } = options;
  const log = createLogger("silent");
  const limits = LimitsConfig.parse(options.limits ?? {});
  const config = IngesterConfig.parse({
    ...options.config,
    wal: { dir: directory, ...(options.config?.["wal"] as object) },
  });
  const registry = new Registry();
  const parts = createIngester({
    config,
    id: "ingester-0",
    log,
    registry,
    objects,
    limits: { forTenant: () => limits },
    ...(now && { now }),
  });
  for (const service of parts.services) await service.start(signal);
  const store = createStore({
    config: StoreConfig.parse({ index_listing_period: "0s" }),
    objects,
    log,
    registry,
  });
  const stop = async (): Promise<void> => {
    for (const service of parts.services) await service.stop();
  };
  return { ...parts, objects, store, registry, stop };
}

export type Row = readonly [time: bigint, line: string, metadata?: Record<string, string>];

export function blockOf(rows: readonly Row[]): Block {
  const base = rows[0]?.[0] ?? 0n;
  const names = [...new Set(rows.flatMap(([, , metadata]) => Object.keys(metadata ?? {})))].sort();
  return {
    count: rows.length,
    base,
    deltas: Float64Array.from(rows, ([time]) => Number(time - base)),
    ...joinLines(rows.map(([, line]) => Buffer.from(line))),
    metadata: names.map((name) => {
      const values = [...new Set(rows.flatMap(([, , metadata]) => metadata?.[name] ?? []))];
      return {
        name,
        values,
        index: Uint32Array.from(rows, ([, , metadata]) => values.indexOf(metadata?.[name] ?? "") + 1),
      };
    }),
  };
}

export const streamOf = (app: string): string => formatLabels(labelsFrom([["app", app]]));

/** An encoded batch of the streams `{app="…"}`. */
export function batchOf(streams: Record<string, readonly Row[]>, id?: BatchId, tenant = "fake"): Uint8Array {
  const list = Object.entries(streams).map(([app, rows]) => ({ labels: streamOf(app), block: blockOf(rows) }));
  return encodeBatch({ tenant, streams: list, ...(id && { id }) });
}

/** All rows that a source returns, as `stream time line metadata`, sorted; a row that two chunks hold stands twice. */
export async function rowsOf(source: ChunkSource, matchers: Matcher[] = [], tenant = "fake"): Promise<string[]> {
  const selection = { tenant, matchers, start: 0n, end: 2n ** 62n };
  const { chunks } = await source.select(selection, signal);
  const rows: string[] = [];
  for (const chunk of chunks)
    for (const ref of await chunk.blocks(signal)) {
      const block = decodeBlock((await ref.fetch(allColumns, signal)) as ColumnsBlock, allColumns);
      for (let row = 0; row < block.count; row++) {
        const line = Buffer.from(lineOf(block, row)).toString();
        rows.push(`${chunk.stream} ${timeOf(block, row)} ${line} ${JSON.stringify(metadataOf(block, row))}`);
      }
    }
  return rows.sort();
}
