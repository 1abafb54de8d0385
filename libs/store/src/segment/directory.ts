import { crc32, zstdDecompressSync } from "node:zlib";
import { ByteReader, type Fail } from "@ratatosk/bytes";
import { type Codec, type ColumnKind, codecOf } from "@ratatosk/chunk";
import type { Extent } from "@ratatosk/model";
import {
  corrupt,
  firstWithPatterns,
  footerBytes,
  magic,
  maxDirectoryBytes,
  type Region,
  regions,
  versions,
} from "./segment-format.ts";

/** Where a column lies in the object, and how to open it. */
export interface ColumnLocator {
  readonly kind: ColumnKind;
  readonly name: string;
  readonly codec: Codec;
  readonly offset: number;
  readonly storedBytes: number;
  readonly rawBytes: number;
  readonly crc: number;
}

/** A block as the directory knows it. */
export interface BlockEntry extends Extent {
  readonly levels: Readonly<Record<string, number>>;
  readonly columns: readonly ColumnLocator[];
  readonly skip: { readonly offset: number; readonly length: number; readonly crc: number } | undefined;
}

export interface ChunkEntry {
  readonly stream: string;
  readonly blocks: readonly BlockEntry[];
}

/** The directory of a segment, read as far as asked for. */
export class Directory {
  readonly #fail: Fail;
  readonly #entries: Uint8Array;
  readonly #starts: readonly number[];
  /** The regions that this version has. */
  readonly #kinds: readonly Region[];
  /** Where each of them begins, and the last ends. */
  readonly #regions: readonly number[];
  readonly #streams: readonly string[];
  readonly #names: readonly string[];
  readonly #levels: readonly string[];

  /** `tail` is the directory's place in the object to the object's end. Throws corrupt. */
  constructor(key: string, tail: Uint8Array) {
    this.#fail = corrupt(key);
    const { version, raw } = openDirectory(tail, this.#fail);
    this.#kinds = version < firstWithPatterns ? regions.filter((region) => region !== "patterns") : regions;
    const reader = new ByteReader(raw, this.#fail);
    const texts = (): string[] => Array.from({ length: reader.count() }, () => reader.text());
    this.#regions = Array.from({ length: this.#kinds.length + 1 }, () => reader.varint());
    this.#streams = texts();
    this.#names = texts();
    this.#levels = texts();
    this.#starts = Array.from({ length: reader.count(4) }, () => reader.u32());
    this.#entries = raw.subarray(reader.at);
  }

  /** How many chunks the segment has. */
  get chunks(): number {
    return this.#starts.length;
  }

  /** Where the skip indexes of all blocks lie. */
  get skipRegion(): { readonly offset: number; readonly length: number } {
    const [offset, end] = this.#regions.slice(-2) as [number, number];
    return { offset, length: end - offset };
  }

  /** A chunk by its number. Throws corrupt. */
  chunk(ordinal: number): ChunkEntry {
    const start = this.#starts[ordinal];
    if (start === undefined || start > this.#entries.length) throw this.#fail(`no chunk ${ordinal}`);
    const reader = new ByteReader(this.#entries.subarray(start), this.#fail);
    const stream = this.#text(this.#streams, reader.varint());
    const at = Object.fromEntries(
      this.#kinds.map((region, number) => [region, this.#regions[number]! + reader.varint()]),
    ) as Record<Region, number>;
    const from = reader.i64();
    const blocks = Array.from({ length: reader.count() }, () => this.#block(reader, from, at));
    return { stream, blocks };
  }

  #block(reader: ByteReader, from: bigint, at: Record<Region, number>): BlockEntry {
    const minTime = from + BigInt(reader.varint());
    const maxTime = minTime + BigInt(reader.varint());
    const [entries, bytes] = [reader.varint(), reader.varint()];
    const levels: Record<string, number> = {};
    for (let left = reader.count(); left > 0; left--)
      levels[this.#text(this.#levels, reader.varint())] = reader.varint();
    const columns = (["timestamps", "lengths", "lines"] as const).map((kind) => this.#column(reader, kind, "", at));
    for (let left = reader.count(); left > 0; left--)
      columns.push(this.#column(reader, "metadata", this.#text(this.#names, reader.varint()), at));
    if (this.#kinds.includes("patterns") && reader.u8() === 1) columns.push(this.#column(reader, "patterns", "", at));
    return { minTime, maxTime, entries, bytes, levels, columns, skip: skipOf(reader, at) };
  }

  #column(reader: ByteReader, kind: ColumnKind, name: string, at: Record<Region, number>): ColumnLocator {
    const codec = codecOf(reader.u8(), this.#fail);
    const [storedBytes, rawBytes, crc] = [reader.varint(), reader.varint(), reader.u32()];
    const offset = at[kind];
    at[kind] += storedBytes;
    return { kind, name, codec, offset, storedBytes, rawBytes, crc };
  }

  #text(table: readonly string[], id: number): string {
    const text = table[id];
    if (text === undefined) throw this.#fail(`no text ${id}`);
    return text;
  }
}

function skipOf(reader: ByteReader, at: Record<Region, number>): BlockEntry["skip"] {
  const length = reader.varint();
  if (length === 0) return undefined;
  const offset = at.skip;
  at.skip += length;
  return { offset, length, crc: reader.u32() };
}

function openDirectory(tail: Uint8Array, fail: Fail): { readonly version: number; readonly raw: Uint8Array } {
  if (tail.length < footerBytes) throw fail("cut off");
  const footer = Buffer.from(tail.buffer, tail.byteOffset + tail.length - footerBytes, footerBytes);
  if (footer.readUInt32LE(28) !== magic) throw fail("does not end in RTKS");
  const version = footer.readUInt32LE(20);
  if (!versions.includes(version)) throw fail(`version ${version} is not known`);
  if (crc32(footer.subarray(0, 24)) !== footer.readUInt32LE(24)) throw fail("the footer's checksum differs");
  const [stored, raw, crc] = [footer.readUInt32LE(8), footer.readUInt32LE(12), footer.readUInt32LE(16)];
  if (stored + footerBytes !== tail.length || raw > maxDirectoryBytes) throw fail("the directory lies elsewhere");
  const bytes = tail.subarray(0, stored);
  if (crc32(bytes) !== crc) throw fail("the directory's checksum differs");
  try {
    return {
      version,
      raw: zstdDecompressSync(bytes, { maxOutputLength: Math.max(raw, 1), chunkSize: Math.max(raw, 64) }),
    };
  } catch (error) {
    throw fail(`the directory cannot be decompressed: ${(error as Error).message}`);
  }
}
