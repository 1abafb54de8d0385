import { BoundedCache } from "@ratatosk/bytes";
import { join } from "node:path";
import type { IndexedSegment, LabelIndex } from "@ratatosk/label-index";
import {
  type Chunk,
  type ChunkSource,
  compareText,
  formatLabels,
  type Labels,
  type Selection,
  type SourceResult,
} from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import type { Logger, Registry } from "@ratatosk/observability";
import { mayContain } from "@ratatosk/skip-index";
import type { StoreConfig } from "./config.ts";
import { type IndexOperation, StoreEvents } from "./events.ts";
import { DiskCache } from "./index-files/disk-cache.ts";
import { IndexFiles } from "./index-files/index-files.ts";
import { LocatedBlocks } from "./located-blocks.ts";
import { Segment, type SegmentModules, type SkipIndex } from "./segment/segment.ts";

export interface StoreModules {
  readonly config: StoreConfig;
  readonly objects: ObjectStore;
  readonly log: Logger;
  readonly registry: Registry;
  /** Where copies of index files are kept; without it none are. */
  readonly cacheDirectory?: string;
  /** How skip indexes are read; `libs/skip-index` unless told otherwise. */
  readonly skipIndex?: SkipIndex;
  readonly now?: () => number;
}

export function createStore(modules: StoreModules): Store {
  return new Store(modules);
}

/** What lies in the object store, found by the label index. */
export class Store implements ChunkSource {
  readonly #indexes: IndexFiles;
  readonly #segments: BoundedCache<Segment>;
  readonly #modules: SegmentModules;
  readonly #events: StoreEvents;

  constructor({
    config,
    objects,
    log,
    registry,
    cacheDirectory,
    skipIndex = { mayContain },
    now = Date.now,
  }: StoreModules) {
    const events = new StoreEvents(log, registry, () => ({ index: this.#indexes.open, segments: this.#segments }));
    this.#events = events;
    this.#indexes = new IndexFiles({
      objects,
      disk: cacheDirectory === undefined ? undefined : new DiskCache(join(cacheDirectory, "index"), config.index_disk),
      listingMs: config.index_listing_period,
      memoryBytes: config.index_memory,
      now,
      unreadable: (key, error) => events.unreadable(key, error),
    });
    this.#segments = new BoundedCache(config.segments_memory);
    this.#modules = {
      objects,
      skipIndex,
      read: (reads, bytes) => events.read(reads, bytes),
      keeps: (segment, bytes) => this.#segments.grow(segment.key, segment, bytes),
    };
  }

  /** Reads blocks of these tenants that another process has found. */
  located(tenants: readonly string[]): LocatedBlocks {
    const { objects, read } = this.#modules;
    return new LocatedBlocks({ objects, read, tenants });
  }

  /** Looks for index files anew; otherwise that happens when a listing is too old. */
  async relist(): Promise<void> {
    await this.#indexes.relist();
  }

  async select(selection: Selection, signal: AbortSignal): Promise<SourceResult> {
    signal.throwIfAborted();
    const { indexes, warnings } = await this.#events.asked("select", () => this.#indexes.of(selection));
    return { chunks: indexes.flatMap((index) => this.#chunks(index, selection)), warnings };
  }

  async labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    const found = await this.#each("label_names", selection, signal, (index) =>
      index.labelNames(selection.matchers, selection),
    );
    return distinct(found);
  }

  async labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    const found = await this.#each("label_values", selection, signal, (index) =>
      index.labelValues(name, selection.matchers, selection),
    );
    return distinct(found);
  }

  async series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    const found = await this.#each("series", selection, signal, (index) => index.series(selection.matchers, selection));
    return [...new Map(found.map((labels) => [formatLabels(labels), labels])).values()];
  }

  async #each<T>(
    operation: IndexOperation,
    selection: Selection,
    signal: AbortSignal,
    ask: (index: LabelIndex) => readonly T[],
  ): Promise<T[]> {
    signal.throwIfAborted();
    return this.#events.asked(operation, async () => (await this.#indexes.of(selection)).indexes.flatMap(ask));
  }

  #chunks(index: LabelIndex, selection: Selection): Chunk[] {
    return index.select(selection.matchers, selection).flatMap(({ labels, stream, chunks }) =>
      chunks.map(({ segment, ordinal, ...known }): Chunk => {
        const about = index.segments[segment]!;
        const blocks: Chunk["blocks"] = (signal, skip = false) =>
          this.#segment(about).blocks(ordinal, stream, signal, skip);
        return { ...known, labels, stream, object: about.key, identity: `${about.key} ${ordinal}`, blocks };
      }),
    );
  }

  #segment(about: IndexedSegment): Segment {
    const known = this.#segments.get(about.key);
    if (known !== undefined) return known;
    const segment = new Segment(about, this.#modules);
    this.#segments.set(about.key, segment, about.directory.length * 4);
    return segment;
  }
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort(compareText);
