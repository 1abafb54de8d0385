import { randomBytes } from "node:crypto";
import { type ColumnsBlock, decodeBlock, takeRows } from "@ratatosk/chunk";
import { type IndexContent, type IndexedChunk, type IndexedSegment, LabelIndex } from "@ratatosk/label-index";
import {
  allColumns,
  type Block,
  type BlockRef,
  compareLabels,
  formatLabels,
  type Labels,
  RatatoskError,
} from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { indexContent, type ObjectName, sealBlock, Segment, writeIndex } from "@ratatosk/store";
import type { IndexFile } from "../catalog/index-file.ts";
import { mergedRows, type Source } from "./merged-rows.ts";
import { ReadAhead } from "./read-ahead.ts";
import { reblocked } from "./reblock.ts";
import { SegmentSink } from "./segment-sink.ts";

/** The rows of a block that stay, ascending; undefined where all do. */
export type RowFilter = (block: Block) => Uint32Array | undefined;

/** What becomes of a chunk: it stays as it is, goes, or loses rows. */
export type Fate = "keep" | "drop" | { readonly keep: RowFilter };

export interface Rewrite {
  readonly tenant: string;
  readonly day: string;
  readonly inputs: readonly IndexFile[];
  /** Keys of index files that the new one replaces: the inputs, and what they replaced before. */
  readonly replaces: readonly string[];
  /** Write all segments anew; otherwise only those that hold a chunk which does not stay as it is. */
  readonly everything: boolean;
  /** Chunks that go leave their segments as they are, and free nothing until all of a segment's are gone. */
  readonly indexOnly?: boolean;
  /** zstd's. */
  readonly level: number;
  readonly fate?: (chunk: IndexedChunk) => Fate;
}

export interface RewriteModules {
  readonly objects: ObjectStore;
  readonly segmentBytes: number;
  readonly blockBytes: number;
  readonly signal: AbortSignal;
  /** Throws where the index file must not be written any more. Asked last, with what is about to be named. */
  readonly confirm: (rewrite: Rewrite, segments: readonly IndexedSegment[]) => Promise<void>;
  /** Told of segments that cannot be read: they stay as they are. */
  readonly damaged: (key: string, error: RatatoskError) => void;
}

export interface Rewritten {
  /** The new index file. */
  readonly key: string;
  readonly entriesBefore: number;
  readonly entriesAfter: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly segments: readonly IndexedSegment[];
}

/** Memory for what is read ahead. */
const aheadBytes = 12 * 2 ** 20;
/** Blocks that are compressed at once. */
const atOnce = 2;

/**
 * Writes segments, then one index file in place of others; undefined where there is nothing to change. Whatever it is
 * interrupted by, readers see all of the old or all of the new.
 */
export async function rewrite(job: Rewrite, modules: RewriteModules): Promise<Rewritten | undefined> {
  const damaged = new Set<string>();
  for (;;)
    try {
      return await new Rewriting(job, modules, damaged).run();
    } catch (error) {
      if (!(error instanceof DamagedSegment)) throw error;
      modules.damaged(error.key, error.reason);
      damaged.add(error.key);
    }
}

/** Bytes of a segment that cannot be read. */
class DamagedSegment extends Error {
  readonly key: string;
  readonly reason: RatatoskError;

  constructor(key: string, reason: RatatoskError) {
    super(reason.message, { cause: reason });
    this.key = key;
    this.reason = reason;
  }
}

interface Located extends IndexedChunk {
  readonly key: string;
  readonly fate: Fate;
}

class Rewriting {
  readonly #job: Rewrite;
  readonly #modules: RewriteModules;
  readonly #damaged: ReadonlySet<string>;
  readonly #name: ObjectName;
  readonly #readers = new Map<string, Segment>();
  readonly #ahead: ObjectStore;

  constructor(job: Rewrite, modules: RewriteModules, damaged: ReadonlySet<string>) {
    this.#job = job;
    this.#modules = modules;
    this.#damaged = damaged;
    this.#ahead = new ReadAhead(modules.objects, aheadBytes).store();
    const id = `c${job.level}-${randomBytes(8).toString("hex")}`;
    this.#name = { tenant: job.tenant, day: job.day, id };
  }

  async run(): Promise<Rewritten | undefined> {
    const { objects, confirm } = this.#modules;
    const { segments, chunks } = await this.#inputs();
    const touched = this.#touched(segments, chunks);
    const isKept = ({ key, fate }: Located): boolean => !touched.has(key) && fate !== "drop";
    const kept = chunks.filter(isKept);
    if (kept.length === chunks.length && this.#job.inputs.length === 1) return undefined;
    const written = await this.#write(chunks.filter(({ key, fate }) => touched.has(key) && fate !== "drop"));
    const content = joined(written, segments, kept, this.#job.replaces);
    await confirm(this.#job, content.segments);
    const key = await writeIndex(objects, this.#name, content);
    return { key, segments: content.segments, ...sums(chunks, content.chunks) };
  }

  async #inputs(): Promise<{ segments: Map<string, IndexedSegment>; chunks: Located[] }> {
    const segments = new Map<string, IndexedSegment>();
    const chunks: Located[] = [];
    const fate = this.#job.fate ?? (() => "keep" as const);
    for (const { key } of this.#job.inputs) {
      const content = new LabelIndex(await this.#modules.objects.get(key)).content();
      for (const segment of content.segments) segments.set(segment.key, segment);
      for (const chunk of content.chunks)
        chunks.push({ ...chunk, key: content.segments[chunk.segment]!.key, fate: fate(chunk) });
    }
    return { segments, chunks };
  }

  /** Keys of the segments to write anew. Damaged ones stay: what is readable in them stays readable. */
  #touched(segments: ReadonlyMap<string, IndexedSegment>, chunks: readonly Located[]): Set<string> {
    const changed = (fate: Fate): boolean =>
      this.#job.indexOnly === true ? typeof fate === "object" : fate !== "keep";
    const keys = this.#job.everything
      ? [...segments.keys()]
      : chunks.filter(({ fate }) => changed(fate)).map(({ key }) => key);
    for (const key of keys)
      if (!this.#damaged.has(key) && !this.#readers.has(key)) this.#readers.set(key, this.#reader(segments.get(key)!));
    return new Set(this.#readers.keys());
  }

  #reader(segment: IndexedSegment): Segment {
    return new Segment(segment, { objects: this.#ahead, skipIndex: undefined, read: () => undefined });
  }

  async #write(chunks: readonly Located[]): Promise<Awaited<ReturnType<SegmentSink["finish"]>>> {
    const { objects, segmentBytes } = this.#modules;
    const sink = new SegmentSink({ objects, name: this.#name, segmentBytes });
    const streams = Map.groupBy(chunks, ({ labels }) => formatLabels(labels));
    const sorted = [...streams].sort(([, a], [, b]) => compareLabels(a[0]!.labels, b[0]!.labels));
    for (const [stream, own] of sorted) await this.#writeStream(own[0]!.labels, stream, own, sink);
    return sink.finish();
  }

  async #writeStream(labels: Labels, stream: string, chunks: readonly Located[], sink: SegmentSink): Promise<void> {
    const { blockBytes } = this.#modules;
    const sources: Source[] = [];
    for (const chunk of chunks) sources.push(...(await this.#sources(chunk, stream)));
    const sealing: ReturnType<typeof sealBlock>[] = [];
    for await (const block of reblocked(mergedRows(sources), blockBytes)) {
      sealing.push(sealBlock(block, this.#job.level));
      if (sealing.length >= atOnce) await sink.add(labels, stream, await sealing.shift()!);
    }
    for (const sealed of sealing) await sink.add(labels, stream, await sealed);
  }

  async #sources({ key, ordinal, fate }: Located, stream: string): Promise<Source[]> {
    const { signal } = this.#modules;
    const keep = typeof fate === "object" ? fate.keep : undefined;
    const refs = await blaming(key, this.#readers.get(key)!.blocks(ordinal, stream, signal, false));
    return refs.map((ref) => ({ minTime: ref.minTime, open: () => blaming(key, opened(ref, keep, signal)) }));
  }
}

async function opened(ref: BlockRef, keep: RowFilter | undefined, signal: AbortSignal): Promise<Block> {
  signal.throwIfAborted();
  const block = decodeBlock((await ref.fetch(allColumns, signal)) as ColumnsBlock, allColumns);
  const rows = keep?.(block);
  return rows === undefined ? block : takeRows(block, rows);
}

/** What a read gives; where it meets damage the error names the segment. */
async function blaming<T>(key: string, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (thrown) {
    const error = RatatoskError.from(thrown);
    if (error.code !== "corrupt" && error.code !== "not_found") throw thrown;
    throw new DamagedSegment(key, error);
  }
}

/** New segments, and of the old ones those that still hold a chunk. */
function joined(
  written: Parameters<typeof indexContent>[0],
  segments: ReadonlyMap<string, IndexedSegment>,
  kept: readonly Located[],
  replaces: readonly string[],
): IndexContent {
  const fresh = indexContent(written, replaces);
  const positions = new Map(
    [...new Set(kept.map(({ key }) => key))].map((key, at) => [key, fresh.segments.length + at]),
  );
  return {
    replaces,
    segments: [...fresh.segments, ...[...positions.keys()].map((key) => segments.get(key)!)],
    chunks: [...fresh.chunks, ...kept.map((chunk) => ({ ...chunk, segment: positions.get(chunk.key)! }))],
  };
}

function sums(before: readonly IndexedChunk[], after: readonly IndexedChunk[]): Omit<Rewritten, "key" | "segments"> {
  const total = (chunks: readonly IndexedChunk[], of: "entries" | "bytes"): number =>
    chunks.reduce((sum, chunk) => sum + chunk[of], 0);
  return {
    entriesBefore: total(before, "entries"),
    entriesAfter: total(after, "entries"),
    bytesBefore: total(before, "bytes"),
    bytesAfter: total(after, "bytes"),
  };
}
