import { constants, crc32, zstdCompressSync } from "node:zlib";
import { ByteWriter } from "@ratatosk/bytes";
import { codecNumber, type StoredColumn } from "@ratatosk/chunk";
import type { IndexedChunk } from "@ratatosk/label-index";
import {
  footerBytes,
  headerBytes,
  magic,
  type Region,
  regions,
  type SegmentBlock,
  type SegmentChunk,
  version,
} from "./segment-format.ts";

export interface EncodedSegment {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  /** The directory and what follows it. */
  readonly directory: { readonly offset: number; readonly length: number };
  /** What the index says of the chunks, in their order. */
  readonly chunks: readonly Omit<IndexedChunk, "segment">[];
}

const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * Packs chunks into a segment.
 *   ┌────────┬─────────┬───────┬─────────┬──────────┬────────────┬──────────┬──────┬───────────┬────────┐
 *   │ "RTKS" │ 3 <u32> │ lines │ lengths │ metadata │ timestamps │ patterns │ skip │ directory │ footer │
 *   └────────┴─────────┴───────┴─────────┴──────────┴────────────┴──────────┴──────┴───────────┴────────┘
 *   footer: offset of the directory <i64>, its stored bytes, its raw bytes, its crc, 3, crc of the footer so far, "RTKS" (<u32> each)
 */
export function encodeSegment(chunks: readonly SegmentChunk[]): EncodedSegment {
  const pieces: Record<Region, Uint8Array[]> = {
    lines: [],
    lengths: [],
    metadata: [],
    timestamps: [],
    patterns: [],
    skip: [],
  };
  const rawDirectory = encodeDirectory(chunks, pieces);
  const directory = zstdCompressSync(rawDirectory, options);
  const directoryAt = regions.reduce((sum, region) => sum + total(pieces[region]), headerBytes);
  const length = directory.length + footerBytes;
  return {
    pieces: [
      header(),
      ...regions.flatMap((region) => pieces[region]),
      directory,
      footer(directoryAt, directory, rawDirectory.length),
    ],
    bytes: directoryAt + length,
    directory: { offset: directoryAt, length },
    chunks: chunks.map((chunk, ordinal) => ({ ...chunkSummary(chunk), ordinal })),
  };
}

function header(): Uint8Array {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeUInt32LE(magic, 0);
  bytes.writeUInt32LE(version, 4);
  return bytes;
}

function footer(directoryAt: number, directory: Uint8Array, rawBytes: number): Uint8Array {
  const bytes = Buffer.alloc(footerBytes);
  bytes.writeBigInt64LE(BigInt(directoryAt), 0);
  bytes.writeUInt32LE(directory.length, 8);
  bytes.writeUInt32LE(rawBytes, 12);
  bytes.writeUInt32LE(crc32(directory), 16);
  bytes.writeUInt32LE(version, 20);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 24)), 24);
  bytes.writeUInt32LE(magic, 28);
  return bytes;
}

/**
 * The directory: tables of texts, where each region and each chunk's entry begins, then the entries. Columns lie in
 * their regions in the order of the entries, so only their lengths are written.
 */
function encodeDirectory(chunks: readonly SegmentChunk[], pieces: Record<Region, Uint8Array[]>): Uint8Array {
  const tables = { streams: new Table(), names: new Table(), levels: new Table() };
  const entries = new ByteWriter(chunks.length * 128 + 64);
  const starts = new Uint32Array(chunks.length);
  const lengths: Record<Region, number> = { lines: 0, lengths: 0, metadata: 0, timestamps: 0, patterns: 0, skip: 0 };
  for (const [ordinal, { stream, blocks }] of chunks.entries()) {
    starts[ordinal] = entries.length;
    entries.varint(tables.streams.id(stream));
    for (const region of regions) entries.varint(lengths[region]);
    const minTime = earliest(blocks);
    entries.i64(minTime);
    entries.varint(blocks.length);
    for (const block of blocks) {
      for (const [region, piece] of piecesOf(block)) {
        pieces[region].push(piece);
        lengths[region] += piece.length;
      }
      encodeBlockEntry(block, minTime, tables, entries);
    }
  }
  const out = new ByteWriter(entries.length + chunks.length * 64 + 256);
  let start = headerBytes;
  for (const region of regions) {
    out.varint(start);
    start += lengths[region];
  }
  out.varint(start);
  for (const table of [tables.streams, tables.names, tables.levels]) table.write(out);
  out.varint(chunks.length);
  for (const at of starts) out.u32(at);
  out.raw(entries.written());
  return out.written();
}

function encodeBlockEntry(
  block: SegmentBlock,
  from: bigint,
  tables: Record<"names" | "levels", Table>,
  out: ByteWriter,
): void {
  const { extent, columns } = block.columns;
  out.varint(Number(extent.minTime - from));
  out.varint(Number(extent.maxTime - extent.minTime));
  out.varint(extent.entries);
  out.varint(extent.bytes);
  const levels = Object.entries(block.levels);
  out.varint(levels.length);
  for (const [level, entries] of levels) {
    out.varint(tables.levels.id(level));
    out.varint(entries);
  }
  for (const kind of ["timestamps", "lengths", "lines"] as const)
    encodeLocator(
      columns.find((column) => column.kind === kind)!,
      out,
    );
  const metadata = columns.filter(({ kind }) => kind === "metadata");
  out.varint(metadata.length);
  for (const column of metadata) {
    out.varint(tables.names.id(column.name));
    encodeLocator(column, out);
  }
  const patterns = columns.find(({ kind }) => kind === "patterns");
  out.u8(patterns === undefined ? 0 : 1);
  if (patterns !== undefined) encodeLocator(patterns, out);
  out.varint(block.skip?.length ?? 0);
  if (block.skip !== undefined && block.skip.length > 0) out.u32(crc32(block.skip));
}

function encodeLocator({ codec, rawBytes, crc, bytes }: StoredColumn, out: ByteWriter): void {
  out.u8(codecNumber(codec));
  out.varint(bytes.length);
  out.varint(rawBytes);
  out.u32(crc);
}

function* piecesOf({ columns, skip }: SegmentBlock): Generator<[Region, Uint8Array]> {
  for (const { kind, bytes } of columns.columns) yield [kind, bytes];
  if (skip !== undefined) yield ["skip", skip];
}

/** Texts, each written once and named by its number. */
class Table {
  readonly #ids = new Map<string, number>();

  id(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    this.#ids.set(text, this.#ids.size);
    return this.#ids.size - 1;
  }

  write(out: ByteWriter): void {
    out.varint(this.#ids.size);
    for (const text of this.#ids.keys()) out.text(text);
  }
}

function chunkSummary({ labels, blocks }: SegmentChunk): Omit<IndexedChunk, "segment" | "ordinal"> {
  const extents = blocks.map(({ columns }) => columns.extent);
  const levels: Record<string, number> = {};
  for (const block of blocks)
    for (const [level, entries] of Object.entries(block.levels)) levels[level] = (levels[level] ?? 0) + entries;
  return {
    labels,
    levels,
    minTime: earliest(blocks),
    maxTime: extents.reduce((latest, { maxTime }) => (maxTime > latest ? maxTime : latest), extents[0]!.maxTime),
    entries: extents.reduce((sum, { entries }) => sum + entries, 0),
    bytes: extents.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

const earliest = (blocks: readonly SegmentBlock[]): bigint =>
  blocks.map(({ columns }) => columns.extent.minTime).reduce((low, minTime) => (minTime < low ? minTime : low));

const total = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { length }) => sum + length, 0);
