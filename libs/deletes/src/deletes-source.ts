import { type ColumnsBlock, decodeBlock, encodeBlock, takeRows, wantsColumn } from "@ratatosk/chunk";
import { decodeLokiBlock, type LokiBlock } from "@ratatosk/loki-bucket";
import {
  allColumns,
  type Block,
  type BlockRef,
  type Chunk,
  type ChunkSource,
  type Columns,
  type Labels,
  type Selection,
  type SourceResult,
  type StoredBlock,
} from "@ratatosk/model";
import type { DeleteRequest } from "./delete-request.ts";
import { HiddenLines, type StreamHidden } from "./hidden-lines.ts";

/** A source without the lines that delete requests hide. Labels and series stay as they are. */
export class DeletesSource implements ChunkSource {
  readonly #source: ChunkSource;
  readonly #pending: (tenant: string) => Promise<readonly DeleteRequest[]>;

  /** `pending` gives the requests whose lines may still be there. */
  constructor(source: ChunkSource, pending: (tenant: string) => Promise<readonly DeleteRequest[]>) {
    this.#source = source;
    this.#pending = pending;
  }

  async select(selection: Selection, signal: AbortSignal): Promise<SourceResult> {
    const [requests, result] = await Promise.all([
      this.#pending(selection.tenant),
      this.#source.select(selection, signal),
    ]);
    if (requests.length === 0) return result;
    const hidden = new HiddenLines(requests);
    return { ...result, chunks: result.chunks.flatMap((chunk) => visibleChunk(chunk, hidden.of(chunk.labels))) };
  }

  labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    return this.#source.labelNames(selection, signal);
  }

  labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    return this.#source.labelValues(name, selection, signal);
  }

  series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    return this.#source.series(selection, signal);
  }
}

function visibleChunk(chunk: Chunk, hidden: StreamHidden | undefined): Chunk[] {
  if (hidden === undefined || !hidden.touches(chunk)) return [chunk];
  if (hidden.coveredBy(chunk) !== undefined && chunk.estimated !== true) return [];
  const { labels, stream, minTime, maxTime, entries, bytes, levels } = chunk;
  const blocks: Chunk["blocks"] = async (signal, skip) =>
    (await chunk.blocks(signal, skip)).flatMap((block) => visibleBlock(block, hidden));
  // Its numbers are too high now: a count has to look.
  return [{ labels, stream, minTime, maxTime, entries, bytes, estimated: true, ...(levels && { levels }), blocks }];
}

function visibleBlock(block: BlockRef, hidden: StreamHidden): BlockRef[] {
  if (!hidden.touches(block)) return [block];
  if (hidden.coveredBy(block) !== undefined) return [];
  const { minTime, maxTime, entries, bytes, storedBytes, isPacked } = block;
  const mayContain: BlockRef["mayContain"] = (needle) => block.mayContain(needle);
  const fetch: BlockRef["fetch"] = async (want, signal) =>
    visibleRows(await block.fetch({ ...want, ...allColumns }, signal), want, hidden);
  return [{ minTime, maxTime, entries, bytes, storedBytes, mayContain, fetch, ...(isPacked && { isPacked }) }];
}

function visibleRows(stored: StoredBlock, want: Columns, hidden: StreamHidden): ColumnsBlock {
  const block = decoded(stored);
  const rows = hidden.visible(block);
  const encoded = encodeBlock(rows === undefined ? block : takeRows(block, rows));
  return { ...encoded, columns: encoded.columns.filter((column) => wantsColumn(want, column)) };
}

function decoded(stored: StoredBlock): Block {
  switch (stored.format) {
    case "columns":
      return decodeBlock(stored as ColumnsBlock, allColumns);
    case "loki":
      return decodeLokiBlock(stored as LokiBlock, allColumns);
  }
}
