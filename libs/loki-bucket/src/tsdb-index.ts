import { type Labels, labelsFrom } from "@ratatosk/model";
import { chunkName, chunkPrefix } from "./chunk-key.ts";
import { corrupt } from "./corrupt.ts";
import { crc32c } from "./crc32c.ts";
import { Cursor } from "./cursor.ts";
import { PagedFile } from "./paged-file.ts";
import { Symbols } from "./symbols.ts";
import type { IndexedChunk, IndexedSeries, IndexFile, IndexQuery } from "./table.ts";
import { intersect, PostingsTable } from "./tsdb-postings.ts";

const fail = corrupt("tsdb index");
const magic = 0xbaaad700;
const tocBytes = 76;
const seriesAlignment = 16;
const tenantLabel = "__loki_tenant__";
/** Enough for a series of a hundred labels and a thousand chunks; longer ones are read again in full. */
const seriesGuess = 16_384;
const everything = { fromMs: 0, throughMs: Infinity, matches: () => true, equals: [] };

/**
 * A TSDB index file, versions 2 and 3, read in place. Numbers of fixed width are big-endian.
 *   ┌──────────────────────┬─────────┬────────┬───────────────┬──────────┬────────────────┬─────────────────┬─────┐
 *   │ magic u32, version u8│ symbols │ series │ label indices │ postings │ postings table │ other tables    │ TOC │
 *   └──────────────────────┴─────────┴────────┴───────────────┴──────────┴────────────────┴─────────────────┴─────┘
 */
export class TsdbIndex implements IndexFile {
  readonly #file: PagedFile;
  readonly #version: number;
  readonly #guess = new Uint8Array(seriesGuess);
  readonly #symbols: Symbols;
  readonly #postings: PostingsTable;
  readonly #oldKeys: boolean;

  /** `oldKeys`: the period's schema is v11 or before, whose chunk keys have a colon after the fingerprint. */
  constructor(path: string, oldKeys: boolean) {
    this.#file = new PagedFile(path, fail);
    this.#oldKeys = oldKeys;
    try {
      const header = new Cursor(this.#file.read(0, 5), fail);
      if (header.u32() !== magic) throw fail("does not begin with its magic");
      this.#version = header.u8();
      if (this.#version !== 2 && this.#version !== 3) throw fail(`unknown version ${this.#version}`);
      const { symbols, postingsTable } = readToc(this.#file);
      this.#symbols = new Symbols(this.#file, symbols, fail);
      this.#postings = new PostingsTable(this.#file, postingsTable, fail);
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  close(): void {
    this.#file.close();
  }

  *select(query: IndexQuery): Generator<IndexedSeries> {
    for (const reference of this.#candidates(query)) {
      const series = this.#readSeries(reference, query);
      if (series !== undefined && series.chunks.length > 0) yield series;
    }
  }

  *chunks(tenant: string): Generator<IndexedChunk> {
    for (const { chunks } of this.select({ ...everything, tenant })) yield* chunks;
  }

  #candidates({ equals }: IndexQuery): Uint32Array {
    if (equals.length === 0) return this.#postings.list("", "");
    return equals.map(([name, value]) => this.#postings.list(name, value)).reduce(intersect);
  }

  #readSeries(reference: number, query: IndexQuery): IndexedSeries | undefined {
    const cursor = new Cursor(this.#body(reference * seriesAlignment), fail);
    const fingerprint = cursor.u64();
    const pairs: [string, string][] = [];
    for (let left = cursor.count(); left > 0; left--)
      pairs.push([this.#symbols.at(cursor.uvarint()), this.#symbols.at(cursor.uvarint())]);
    const tenant = pairs.find(([name]) => name === tenantLabel)?.[1];
    if (tenant !== undefined && tenant !== query.tenant) return undefined;
    const labels: Labels = labelsFrom(pairs.filter(([name]) => name !== tenantLabel));
    return query.matches(labels) ? { labels, chunks: this.#readChunks(cursor, fingerprint, query) } : undefined;
  }

  /** The body of the series at a file offset, its checksum verified; good until the next is read. */
  #body(offset: number): Uint8Array {
    const guess = new Cursor(this.#file.upTo(offset, this.#guess), fail);
    const length = guess.uvarint();
    const isWhole = length + 4 <= guess.remaining;
    const whole = isWhole ? guess : new Cursor(this.#file.read(offset + guess.at, length + 4), fail);
    const body = whole.raw(length);
    if (whole.u32() !== crc32c(body)) throw fail(`checksum of the series at byte ${offset} differs`);
    return body;
  }

  #readChunks(cursor: Cursor, fingerprint: bigint, query: IndexQuery): IndexedChunk[] {
    const count = cursor.count();
    if (this.#version === 3 && count > 0) cursor.take(cursor.u32());
    const chunks: IndexedChunk[] = [];
    const prefix = chunkPrefix(query.tenant, fingerprint, this.#oldKeys);
    let previous = 0;
    for (let i = 0; i < count; i++) {
      const fromMs = previous + cursor.signed();
      const throughMs = fromMs + cursor.uvarint();
      const bytes = cursor.uvarint() * 1024;
      const entries = cursor.uvarint();
      const crc = cursor.u32();
      previous = throughMs;
      if (throughMs < query.fromMs || fromMs > query.throughMs) continue;
      const key = prefix + chunkName(fromMs, throughMs, crc);
      chunks.push({ key, fromMs, throughMs, crc, entries, bytes });
      if (query.oneChunk) break;
    }
    return chunks;
  }
}

function readToc(file: PagedFile): { symbols: number; postingsTable: number } {
  const bytes = file.read(file.size - tocBytes, tocBytes);
  const cursor = new Cursor(bytes, fail);
  const [symbols, , , , , postingsTable] = Array.from({ length: 7 }, () => cursor.offset());
  cursor.take(16);
  if (cursor.u32() !== crc32c(bytes.subarray(0, tocBytes - 4))) throw fail("checksum of the table of contents differs");
  return { symbols: symbols!, postingsTable: postingsTable! };
}
