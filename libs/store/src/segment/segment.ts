import { crc32 } from "node:zlib";
import type { IndexedSegment } from "@ratatosk/label-index";
import type { BlockRef } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { type BlockEntry, Directory } from "./directory.ts";
import { RangeReader } from "./range-reader.ts";
import { readColumns } from "./read-columns.ts";
import { corrupt, headerBytes } from "./segment-format.ts";
import { locationOf } from "./segment-location.ts";

/** How the skip index of a block is asked; `libs/skip-index` makes and reads it. */
export interface SkipIndex {
  /** False only if no line of the block can contain the needle. */
  mayContain(skip: Uint8Array, needle: Uint8Array): boolean;
}

export interface SegmentModules {
  readonly objects: ObjectStore;
  readonly skipIndex: SkipIndex | undefined;
  readonly read: (reads: number, bytes: number) => void;
  /** Told how many more bytes a segment keeps in memory. */
  readonly keeps?: (segment: Segment, bytes: number) => void;
}

/** Skip indexes take about 8 % of a segment. */
const skipShare = 0.1;

/** Reads that several queries wait for do not end with one of them. */
const shared = new AbortController().signal;

/** A segment in the object store: its directory is read once, columns as they are wanted. */
export class Segment {
  readonly key: string;
  readonly #about: IndexedSegment;
  readonly #modules: SegmentModules;
  readonly #reader: RangeReader;
  #directory: Promise<Directory> | undefined;
  #skip: Promise<Uint8Array> | undefined;

  constructor(about: IndexedSegment, modules: SegmentModules) {
    this.key = about.key;
    this.#about = about;
    this.#modules = modules;
    this.#reader = new RangeReader(modules.objects, about.key, modules.read);
  }

  /** The blocks of a chunk. Throws corrupt, or not_found where the object is missing. */
  async blocks(ordinal: number, stream: string, signal: AbortSignal, skip: boolean): Promise<BlockRef[]> {
    const directory = await this.#opened(skip && this.#modules.skipIndex !== undefined);
    signal.throwIfAborted();
    const chunk = directory.chunk(ordinal);
    if (chunk.stream !== stream) throw corrupt(this.#about.key)(`chunk ${ordinal} belongs to ${chunk.stream}`);
    const filters = skip ? await this.#skipRegion(directory) : undefined;
    return chunk.blocks.map((block) => this.#ref(block, filters && filterOf(block, filters, directory)));
  }

  async #opened(withSkip: boolean): Promise<Directory> {
    try {
      return await (this.#directory ??= withSkip ? this.#readTail() : this.#readDirectory());
    } catch (error) {
      this.#directory = undefined;
      throw error;
    }
  }

  async #readDirectory(): Promise<Directory> {
    const { key, directory } = this.#about;
    return new Directory(key, await this.#reader.read(directory, shared));
  }

  /** The directory and, as they lie before it, in the same read what are probably all skip indexes. */
  async #readTail(): Promise<Directory> {
    const { key, bytes, directory } = this.#about;
    const start = Math.max(headerBytes, directory.offset - Math.ceil(bytes * skipShare));
    const tail = await this.#reader.read(
      { offset: start, length: directory.offset + directory.length - start },
      shared,
    );
    const opened = new Directory(key, tail.slice(directory.offset - start));
    const { offset, length } = opened.skipRegion;
    if (length > 0 && offset >= start) {
      this.#skip = Promise.resolve(tail.subarray(offset - start, offset - start + length));
      this.#modules.keeps?.(this, tail.length);
    }
    return opened;
  }

  async #skipRegion(directory: Directory): Promise<Uint8Array | undefined> {
    if (this.#modules.skipIndex === undefined || directory.skipRegion.length === 0) return undefined;
    try {
      return await (this.#skip ??= this.#readSkip(directory));
    } catch (error) {
      this.#skip = undefined;
      throw error;
    }
  }

  async #readSkip({ skipRegion }: Directory): Promise<Uint8Array> {
    const skip = await this.#reader.read(skipRegion, shared);
    this.#modules.keeps?.(this, skip.length);
    return skip;
  }

  #ref(block: BlockEntry, filter: Uint8Array | undefined): BlockRef {
    const { minTime, maxTime, entries, bytes, columns } = block;
    return {
      minTime,
      maxTime,
      entries,
      bytes,
      storedBytes: columns.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
      mayContain: asked(filter, this.#modules.skipIndex),
      fetch: (want, signal) => readColumns(block, want, this.#reader, signal),
      locate: () => locationOf(this.key, block),
    };
  }
}

/** Apart from what else is known of the block, so that the filter can go before the block. */
function asked(filter: Uint8Array | undefined, skipIndex: SkipIndex | undefined): BlockRef["mayContain"] {
  return (needle) => filter === undefined || skipIndex === undefined || skipIndex.mayContain(filter, needle);
}

/** The block's skip index; undefined, which skips nothing, where it is damaged. */
function filterOf({ skip }: BlockEntry, filters: Uint8Array, { skipRegion }: Directory): Uint8Array | undefined {
  if (skip === undefined) return undefined;
  const at = skip.offset - skipRegion.offset;
  const filter = filters.subarray(at, at + skip.length);
  return filter.length === skip.length && crc32(filter) === skip.crc ? filter : undefined;
}
