import { type ColumnsBlock, encodeBlock, extentOf, wantsColumn } from "@ratatosk/chunk";
import { labelsTest } from "@ratatosk/label-index";
import {
  type Block,
  type BlockRef,
  type Chunk,
  type ChunkSource,
  type Columns,
  compareText,
  type Extent,
  type Labels,
  labelValue,
  type Selection,
  type SourceResult,
  type StoredBlock,
} from "@ratatosk/model";
import { mayContain } from "@ratatosk/skip-index";
import { patternsColumn, type SegmentBlock } from "@ratatosk/store";
import { type DayChunk, storedBytes } from "./day-chunk.ts";
import { dayOf } from "./day.ts";
import type { Memory } from "./memory.ts";

/** What the ingester's memory answers to a query. */
export class MemorySource implements ChunkSource {
  readonly #memory: Memory;
  readonly #shipped: () => readonly string[];

  /** `shipped` names the index objects of what has left the memory lately. */
  constructor(memory: Memory, shipped: () => readonly string[]) {
    this.#memory = memory;
    this.#shipped = shipped;
  }

  async select(selection: Selection): Promise<SourceResult> {
    const chunks = this.#selected(selection).map(chunkOf);
    return { chunks, warnings: [], shipped: this.#shipped() };
  }

  async labelNames(selection: Selection): Promise<string[]> {
    const names = new Set<string>();
    for (const { labels } of this.#selected(selection)) for (const [name] of labels) names.add(name);
    return [...names].sort(compareText);
  }

  async labelValues(name: string, selection: Selection): Promise<string[]> {
    const values = new Set<string>();
    for (const { labels } of this.#selected(selection)) values.add(labelValue(labels, name) ?? "");
    values.delete("");
    return [...values].sort(compareText);
  }

  async series(selection: Selection): Promise<Labels[]> {
    return [...new Map(this.#selected(selection).map(({ stream, labels }) => [stream, labels])).values()];
  }

  #selected({ tenant, matchers, start, end }: Selection): DayChunk[] {
    const test = labelsTest(matchers);
    const selected: DayChunk[] = [];
    for (const generation of this.#memory.generations)
      for (const [day, chunks] of generation.tenants.get(tenant) ?? []) {
        if (day < dayOf(start) || day > dayOf(end)) continue;
        for (const chunk of chunks.values())
          if (test(chunk.labels) && chunk.extents().some((extent) => extent.minTime < end && extent.maxTime >= start))
            selected.push(chunk);
      }
    return selected;
  }
}

function chunkOf(chunk: DayChunk): Chunk {
  const blocks = chunk.views().map((view) => ("packed" in view ? packedRef(view.packed) : rawRef(view.raw)));
  return { ...union(blocks), labels: chunk.labels, stream: chunk.stream, blocks: async () => blocks.sort(byTime) };
}

function rawRef(raw: Block): BlockRef {
  const fetch = async ({ patterns }: Columns): Promise<StoredBlock> =>
    patterns === true ? patternsOf(raw) : copied(raw);
  return { ...extentOf(raw), storedBytes: raw.lines.length, mayContain: () => true, fetch };
}

/** The view's memory goes on growing: what is handed out is a copy of its own. */
const copied = (raw: Block): StoredBlock => encodeBlock({ ...raw, lines: raw.lines.slice() });

function patternsOf(raw: Block): ColumnsBlock {
  const column = patternsColumn(raw);
  return { format: "columns", extent: extentOf(raw), columns: column === undefined ? [] : [column] };
}

function packedRef({ columns: packed, skip }: SegmentBlock): BlockRef {
  const fetch = async (want: Columns): Promise<ColumnsBlock> => ({
    ...packed,
    // Copies: whoever fetches may hand their memory to a worker.
    columns: packed.columns
      .filter((column) => wantsColumn(want, column))
      .map((column) => ({ ...column, bytes: column.bytes.slice() })),
  });
  const mayBeIn = (needle: Uint8Array): boolean => skip === undefined || mayContain(skip, needle);
  return { ...packed.extent, storedBytes: storedBytes(packed), mayContain: mayBeIn, fetch };
}

function union(extents: readonly Extent[]): Extent {
  const [first, ...others] = extents;
  return others.reduce<Extent>(
    (a, b) => ({
      minTime: a.minTime < b.minTime ? a.minTime : b.minTime,
      maxTime: a.maxTime > b.maxTime ? a.maxTime : b.maxTime,
      entries: a.entries + b.entries,
      bytes: a.bytes + b.bytes,
    }),
    first!,
  );
}

const byTime = (a: Extent, b: Extent): number => (a.minTime < b.minTime ? -1 : a.minTime > b.minTime ? 1 : 0);
