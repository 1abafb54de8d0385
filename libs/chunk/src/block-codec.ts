import { crc32 } from "node:zlib";
import type { Block, Columns, Extent, MetadataColumn, StoredBlock } from "@ratatosk/model";
import { type Codec, compress, decompress } from "./codec.ts";
import { decodeOffsets, encodeLengths } from "./columns/lengths.ts";
import { decodeMetadata, encodeMetadata } from "./columns/metadata.ts";
import { decodeTimes, encodeSplitTimes } from "./columns/split-times.ts";
import { encodeTimestamps } from "./columns/timestamps.ts";
import { corrupt } from "./corrupt.ts";
import { freshMemory, type Memory } from "./scratch.ts";
import { bounds, extentOf } from "./extent.ts";

/** A block as it is stored: columns, each by itself. Plain data, so that it can be posted to a worker. */
export interface ColumnsBlock extends StoredBlock {
  readonly format: "columns";
  readonly extent: Extent;
  /** Timestamps (counted from `extent.minTime`), and of the others those that were asked for. */
  readonly columns: readonly StoredColumn[];
}

/** `patterns` is no part of the block, it tells of the block's lines: see `libs/patterns`. */
export type ColumnKind = "timestamps" | "lengths" | "lines" | "metadata" | "patterns";

export interface StoredColumn {
  readonly kind: ColumnKind;
  /** The name of structured metadata; empty for the other kinds. */
  readonly name: string;
  readonly codec: Codec;
  readonly rawBytes: number;
  /** CRC-32 of `bytes`. */
  readonly crc: number;
  /** The column as stored. */
  readonly bytes: Uint8Array;
}

/** No column of a stored block is larger, decoded. */
export const maxColumnBytes = 256 * 2 ** 20;

/** Columns that compression makes no smaller than this share stay as they are. */
const worthwhile = 0.95;
const smallestCompressed = 64;
const fail = corrupt("block");

/** The block's columns as they are: for memory, where nothing is gained by compression. */
export function encodeBlock(block: Block): ColumnsBlock {
  return { format: "columns", extent: extentOf(block), columns: rawColumns(block).map(plain) };
}

/** The block's columns compressed; zstd at a level from 1 (fast) to 19 (small). */
export function packBlock(block: Block, codec: Codec = "zstd", level = 1): ColumnsBlock {
  const extent = extentOf(block);
  const origin = { delta: bounds(block.deltas).min, time: extent.minTime };
  const split = encodeSplitTimes(block.deltas, origin, codec, level);
  const columns = rawColumns(block, split).map((column) =>
    column.raw === split ? plain(column) : packed(column, compress(column.raw, codec, level), codec),
  );
  return { format: "columns", extent, columns };
}

/**
 * Decodes the wanted columns into memory from `memory`, fresh unless told otherwise. Without lines (or lengths)
 * `offsets` and `lines` are empty. Throws corrupt.
 */
export function decodeBlock(stored: ColumnsBlock, want: Columns, memory: Memory = freshMemory): Block {
  const { extent, columns } = stored;
  const count = extent.entries;
  const one = (kind: ColumnKind): Uint8Array => {
    const column = columns.find((column) => column.kind === kind);
    if (column === undefined) throw fail(`no ${kind}`);
    return openColumn(column, memory);
  };
  const deltas = decodeTimes(one("timestamps"), count, fail, memory);
  const lines = want.lines ? one("lines") : new Uint8Array();
  const offsets =
    want.lines || want.lengths === true
      ? decodeOffsets(one("lengths"), count, want.lines ? lines.length : maxColumnBytes, fail, memory)
      : new Uint32Array();
  if (want.lines) checkLines(lines, offsets);
  return { count, base: extent.minTime, deltas, lines, offsets, metadata: decodeWanted(columns, want, count, memory) };
}

/** Every line ends where its length says, in a `\n`. Throws what `fail` makes. */
export function checkLines(lines: Uint8Array, offsets: Uint32Array, refuse = fail): void {
  if (offsets.at(-1) !== lines.length) throw refuse(`lengths do not add up to ${lines.length} bytes of lines`);
  for (let row = 1; row < offsets.length; row++)
    if (lines[offsets[row]! - 1] !== 0x0a) throw refuse(`line ${row - 1} does not end in a line feed`);
}

interface RawColumn {
  readonly kind: ColumnKind;
  readonly name: string;
  readonly raw: Uint8Array;
}

function rawColumns(block: Block, times = encodeTimestamps(block.deltas, bounds(block.deltas).min)): RawColumn[] {
  return [
    { kind: "timestamps", name: "", raw: times },
    { kind: "lengths", name: "", raw: encodeLengths(block.offsets) },
    { kind: "lines", name: "", raw: block.lines },
    ...block.metadata.map((column) => ({
      kind: "metadata" as const,
      name: column.name,
      raw: encodeMetadata(column),
    })),
  ];
}

function plain({ kind, name, raw }: RawColumn): StoredColumn {
  return { kind, name, codec: "none", rawBytes: raw.length, crc: crc32(raw), bytes: raw };
}

/** A column of any content, compressed where that makes it smaller. */
export const packColumn = (column: RawColumn, level = 1): StoredColumn =>
  packed(column, compress(column.raw, "zstd", level), "zstd");

function packed(column: RawColumn, bytes: Uint8Array, codec: Codec): StoredColumn {
  const { kind, name, raw } = column;
  if (raw.length < smallestCompressed || bytes.length > raw.length * worthwhile) return plain(column);
  return { kind, name, codec, rawBytes: raw.length, crc: crc32(bytes), bytes };
}

/** A column as it was before it was stored. Throws corrupt. */
export function openColumn(
  { kind, name, codec, rawBytes, crc, bytes }: StoredColumn,
  memory: Memory = freshMemory,
): Uint8Array {
  const what = corrupt(`block, ${kind}${name && ` ${name}`}`);
  if (crc32(bytes) !== crc) throw what("checksum differs");
  if (rawBytes > maxColumnBytes) throw what(`${rawBytes} bytes are too many`);
  return decompress(codec, bytes, rawBytes, what, memory);
}

function decodeWanted(
  columns: readonly StoredColumn[],
  want: Columns,
  count: number,
  memory: Memory,
): MetadataColumn[] {
  return columns
    .filter((column) => column.kind === "metadata" && wantsColumn(want, column))
    .map((column) => decodeMetadata(column.name, openColumn(column, memory), count, fail, memory));
}

/** Whether a query that wants these columns reads this one. */
export function wantsColumn(want: Columns, { kind, name }: Pick<StoredColumn, "kind" | "name">): boolean {
  switch (kind) {
    case "timestamps":
      return want.patterns !== true;
    case "lengths":
      return want.lines || want.lengths === true;
    case "lines":
      return want.lines;
    case "metadata":
      return want.metadata === "all" || want.metadata.includes(name);
    case "patterns":
      return want.patterns === true;
  }
}
