import { BlockBuilder, type ColumnsBlock, type ExpectedSize, sortBlock } from "@ratatosk/chunk";
import type { Block, Extent, Labels } from "@ratatosk/model";

import { sealBlock, type SegmentBlock } from "@ratatosk/store";
import { dayStart } from "./day.ts";
import type { LinesPool } from "./lines-pool.ts";

/** What a chunk needs of the ingester: when to close a block, and to whom to report what memory it holds. */
export interface ChunkSettings {
  readonly blockBytes: number;
  /** Bytes that came to memory, or left it. */
  readonly grew: (bytes: number) => void;
  /** Blocks being compressed; a push waits while they are many. */
  readonly packing: Packing;
  readonly pool: LinesPool;
}

/** Counts the blocks that are being compressed. */
export interface Packing {
  started(bytes: number): void;
  ended(bytes: number): void;
}

/** A block that takes no more rows: raw until it is compressed. */
interface Closed {
  block: Block | undefined;
  /** A query may still read the raw block. */
  seen: boolean;
  packed: SegmentBlock | undefined;
  extent: Extent;
  done: Promise<void>;
}

/** What a query sees of a block at one moment. */
export type BlockView = { readonly raw: Block } | { readonly packed: SegmentBlock };

const overhead = 1024;
const memoryPerBlock = 4;
const slack = 1.1;

/** The entries of one stream of one UTC day: closed blocks and an open head. */
export class DayChunk {
  readonly labels: Labels;
  readonly stream: string;
  readonly #day: number;
  readonly #settings: ChunkSettings;
  #closed: Closed[] = [];
  #head: BlockBuilder | undefined;
  #headMemory = 0;
  #headSeen = false;
  #expected: ExpectedSize | undefined;

  /** `expected`: what its blocks will hold, if that is known. */
  constructor(stream: string, labels: Labels, day: number, settings: ChunkSettings, expected?: ExpectedSize) {
    this.#expected = expected;
    this.stream = stream;
    this.labels = labels;
    this.#day = day;
    this.#settings = settings;
    settings.grew(overhead);
  }

  /** What the last block held, and a little more: the next will be like it. */
  get expected(): ExpectedSize | undefined {
    return this.#expected;
  }

  append(block: Block, from: number, to: number): void {
    this.#head ??= this.#newHead();
    this.#head.append(block, from, to);
    const { memory, size } = this.#head;
    this.#settings.grew(memory - this.#headMemory);
    this.#headMemory = memory;
    if (size >= this.#settings.blockBytes || memory >= this.#settings.blockBytes * memoryPerBlock) this.close();
  }

  #newHead(): BlockBuilder {
    const expected = this.#expected;
    return new BlockBuilder(dayStart(this.#day), expected, expected && this.#settings.pool.take(expected.bytes));
  }

  /** Closes the head; it is sorted and compressed aside. */
  close(): void {
    if (this.#head === undefined) return;
    const block = this.#head.view();
    const closed: Closed = {
      block,
      seen: this.#headSeen,
      packed: undefined,
      extent: this.#head.extent,
      done: Promise.resolve(),
    };
    closed.done = this.#pack(closed, block, this.#headMemory);
    // Where compression fails the block stays raw, and whoever ships it hears of it.
    closed.done.catch(() => undefined);
    this.#closed.push(closed);
    this.#expected = { rows: Math.ceil(block.count * slack), bytes: Math.ceil(block.lines.length * slack) };
    this.#head = undefined;
    this.#headSeen = false;
    this.#headMemory = 0;
  }

  /** Times, entries and bytes of everything; entries that came twice may count twice. */
  extents(): Extent[] {
    const extents = this.#closed.map(({ extent }) => extent);
    return this.#head === undefined ? extents : [...extents, this.#head.extent];
  }

  /** The blocks as they are now, rows ascending by time. */
  views(): BlockView[] {
    for (const closed of this.#closed) closed.seen = true;
    this.#headSeen = true;
    const views = this.#closed.map(({ block, packed }): BlockView =>
      packed ? { packed } : { raw: sortBlock(block!) },
    );
    return this.#head === undefined ? views : [...views, { raw: sortBlock(this.#head.view()) }];
  }

  /** Closes the chunk and waits for its blocks, compressed, oldest first. */
  async finished(): Promise<SegmentBlock[]> {
    this.close();
    await Promise.all(this.#closed.map(({ done }) => done));
    return this.#closed.map(({ packed }) => packed!).sort(byTime);
  }

  async #pack(closed: Closed, block: Block, memory: number): Promise<void> {
    const { packing, grew } = this.#settings;
    packing.started(memory);
    try {
      closed.packed = await sealBlock(block);
      closed.extent = closed.packed.columns.extent;
      closed.block = undefined;
      if (!closed.seen) this.#settings.pool.give(block);
      grew(storedBytes(closed.packed.columns) + (closed.packed.skip?.length ?? 0) - memory);
    } finally {
      packing.ended(memory);
    }
  }
}

/** Bytes of all columns as stored. */
export function storedBytes({ columns }: ColumnsBlock): number {
  return columns.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function byTime({ columns: { extent: a } }: SegmentBlock, { columns: { extent: b } }: SegmentBlock): number {
  return a.minTime < b.minTime ? -1 : a.minTime > b.minTime ? 1 : 0;
}
