import { encodeBlock, extentOf } from "@ratatosk/chunk";
import {
  type Block,
  type BlockLocation,
  type BlockRef,
  type Chunk,
  type ChunkSource,
  type Columns,
  compareText,
  type Extent,
  formatLabels,
  type Labels,
  labelValue,
  type MetadataColumn,
  type Selection,
  type SourceResult,
  type StoredBlock,
} from "@ratatosk/model";
import { compileRegex } from "@ratatosk/regex";

/** A stream as plain data: entries of unix nanoseconds, a line and structured metadata, ascending by time. */
export interface MemoryStream {
  readonly labels: Labels;
  readonly entries: readonly MemoryEntry[];
}

export interface MemoryEntry {
  readonly time: bigint;
  readonly line: string | Uint8Array;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A source for tests that holds encoded blocks; each stream passed is one chunk, in blocks of `blockRows`. */
export class MemorySource implements ChunkSource {
  readonly #chunks: Chunk[] = [];
  readonly #located = new Map<string, BlockRef>();

  constructor(streams: readonly MemoryStream[], blockRows = 100) {
    for (const { labels, entries } of streams) {
      const blocks: Block[] = [];
      for (let at = 0; at < entries.length; at += blockRows) blocks.push(blockOf(entries.slice(at, at + blockRows)));
      if (blocks.length > 0) this.add(labels, blocks);
    }
  }

  /** Adds a chunk: blocks whose rows ascend by time. */
  add(labels: Labels, blocks: readonly Block[]): void {
    const chunk = chunkOf(labels, blocks);
    const named = async (signal: AbortSignal, skip?: boolean): Promise<BlockRef[]> =>
      (await chunk.blocks(signal, skip)).map((block, i) => this.#named(block, `${at}-${i}`));
    const at = this.#chunks.length;
    this.#chunks.push({ ...chunk, identity: `chunk ${at}`, blocks: named });
  }

  /** A block by its place, as another process reads it. */
  fetchLocated({ key }: BlockLocation, want: Columns, signal: AbortSignal): Promise<StoredBlock> {
    return this.#located.get(key)!.fetch(want, signal);
  }

  #named(block: BlockRef, key: string): BlockRef {
    this.#located.set(key, block);
    return { ...block, locate: () => ({ key }) };
  }

  async select({ matchers, start, end }: Selection): Promise<SourceResult> {
    const chunks = this.#chunks.filter(
      ({ labels, minTime, maxTime }) => minTime < end && maxTime >= start && matches(labels, matchers),
    );
    return { chunks, warnings: [] };
  }

  async labelNames(selection: Selection): Promise<string[]> {
    const all = (await this.series(selection)).flatMap((labels) => labels.map(([name]) => name));
    return [...new Set(all)].sort(compareText);
  }

  async labelValues(name: string, selection: Selection): Promise<string[]> {
    const all = (await this.series(selection)).flatMap((labels) => labelValue(labels, name) ?? []);
    return [...new Set(all)].sort(compareText);
  }

  async series(selection: Selection): Promise<Labels[]> {
    const { chunks } = await this.select(selection);
    return [...new Map(chunks.map(({ stream, labels }) => [stream, labels])).values()];
  }
}

function matches(labels: Labels, matchers: Selection["matchers"]): boolean {
  return matchers.every(({ name, op, value }) => {
    const own = labelValue(labels, name) ?? "";
    if (op === "=") return own === value;
    if (op === "!=") return own !== value;
    return compileRegex(value, { anchored: true, dotAll: true }).test(own) === (op === "=~");
  });
}

function chunkOf(labels: Labels, blocks: readonly Block[]): Chunk {
  const extents = blocks.map(extentOf);
  const sum = (amount: (extent: Extent) => number): number =>
    extents.reduce((total, extent) => total + amount(extent), 0);
  return {
    labels,
    stream: formatLabels(labels),
    minTime: extents[0]!.minTime,
    maxTime: extents.at(-1)!.maxTime,
    entries: sum(({ entries }) => entries),
    bytes: sum(({ bytes }) => bytes),
    blocks: async (_signal, skip) => blocks.map((block) => refOf(block, skip === true)),
  };
}

function refOf(block: Block, skip: boolean): BlockRef {
  const stored = encodeBlock(block);
  return {
    ...extentOf(block),
    storedBytes: block.lines.length,
    mayContain: (needle) => !skip || Buffer.from(block.lines.buffer).indexOf(needle) !== -1,
    fetch: async () => stored,
  };
}

/** Entries as a block. */
export function blockOf(entries: readonly MemoryEntry[]): Block {
  const base = entries[0]!.time;
  const lines = entries.map(({ line }) =>
    Buffer.concat([typeof line === "string" ? Buffer.from(line) : line, Buffer.from("\n")]),
  );
  const offsets = new Uint32Array(entries.length + 1);
  for (const [row, line] of lines.entries()) offsets[row + 1] = offsets[row]! + line.length;
  const names = [...new Set(entries.flatMap(({ metadata }) => Object.keys(metadata ?? {})))].sort(compareText);
  return {
    count: entries.length,
    base,
    deltas: Float64Array.from(entries, ({ time }) => Number(time - base)),
    lines: new Uint8Array(Buffer.concat(lines)),
    offsets,
    metadata: names.map((name) => columnOf(name, entries)),
  };
}

function columnOf(name: string, entries: readonly MemoryEntry[]): MetadataColumn {
  const values = [...new Set(entries.flatMap(({ metadata }) => metadata?.[name] ?? []))];
  const index = Uint32Array.from(entries, ({ metadata }) => {
    const value = metadata?.[name];
    return value === undefined ? 0 : values.indexOf(value) + 1;
  });
  return { name, values, index };
}
