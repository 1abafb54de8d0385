import { type Labels, labelsFrom } from "@ratatosk/model";
import { unpack } from "./codec.ts";
import { corrupt } from "./corrupt.ts";
import { crc32c } from "./crc32c.ts";
import { Cursor } from "./cursor.ts";
import { snappyFrames } from "./snappy-frames.ts";

/** One chunk of old Loki, its blocks still packed. */
export interface LokiChunk {
  /** Without `__name__`. */
  readonly labels: Labels;
  readonly version: 1 | 2 | 3 | 4;
  readonly codec: number;
  readonly blocks: readonly LokiBlockMeta[];
  /** Names and values of structured metadata; entries refer to them by number. */
  readonly symbols: readonly string[];
  /** The chunk's data, which the offsets of `blocks` count from. */
  readonly data: Uint8Array;
}

export interface LokiBlockMeta {
  readonly entries: number;
  /** Unix nanoseconds, both inclusive. */
  readonly minTime: bigint;
  readonly maxTime: bigint;
  readonly offset: number;
  /** Bytes of lines and metadata, a hint; 0 where the format lacks it. */
  readonly rawBytes: number;
  /** Packed bytes, without the checksum behind them. */
  readonly length: number;
}

const fail = corrupt("loki chunk");
const logEncoding = 129;
const dataMagic = 0x012ee56a;
const maxMetadataBytes = 16 * 2 ** 20;
/** No block or symbol table of Loki is larger unpacked. */
export const maxBlockBytes = 256 * 2 ** 20;
const gzip = 1;

/**
 * Reads a chunk object. `crc` is the checksum in its key; undefined where the key is not known. Its symbols need not be
 * unpacked where they are known. Throws corrupt.
 *   ┌──────────────┬──────────────────────────────┬──────────────┬──────────────────┐
 *   │ M <u32>      │ JSON in snappy frames, to M  │ D <u32>      │ D bytes of data  │
 *   └──────────────┴──────────────────────────────┴──────────────┴──────────────────┘
 * M counts its own four bytes; very old writers left them out.
 */
export function readChunkObject(object: Uint8Array, crc?: number, symbols?: LokiChunk["symbols"]): LokiChunk {
  if (crc !== undefined && crc32c(object) !== crc) throw fail("checksum differs from the key's");
  const cursor = new Cursor(object, fail);
  const metadataEnd = findData(object, cursor.u32());
  const labels = readLabels(object.subarray(4, metadataEnd));
  return { labels, ...readData(object.subarray(metadataEnd + 4), symbols) };
}

function findData(object: Uint8Array, length: number): number {
  for (const end of [length, length + 4]) {
    if (end < 4 || end + 4 > object.length) continue;
    if (end + 4 + new Cursor(object, fail, end).u32() === object.length) return end;
  }
  throw fail("cut off or too long");
}

function readLabels(frames: Uint8Array): Labels {
  const text = Buffer.from(snappyFrames(frames, maxMetadataBytes, fail)).toString();
  let header: { encoding?: unknown; metric?: unknown };
  try {
    header = JSON.parse(text) as typeof header;
  } catch (error) {
    throw fail(`metadata is not JSON: ${String(error)}`);
  }
  if (header.encoding !== logEncoding) throw fail(`encoding ${String(header.encoding)} is not a log chunk's`);
  if (typeof header.metric !== "object" || header.metric === null) throw fail("metadata without labels");
  const pairs = Object.entries(header.metric).filter(([name]) => name !== "__name__");
  return labelsFrom(pairs.map(([name, value]) => [name, String(value)]));
}

/**
 *   ┌──────────────┬─────────────┬────────────┬─────────────────────────┬────────┬─────────────┬────────┐
 *   │ magic <u32>  │ version <u8>│ codec <u8> │ v4: symbols, CRC        │ blocks │ metas, CRC  │ footer │
 *   └──────────────┴─────────────┴────────────┴─────────────────────────┴────────┴─────────────┴────────┘
 * Footer, u64 each: v4 symbols' length and offset, metas' length and offset; before v4 the metas' offset alone.
 * v1 has no codec byte and is always gzip.
 */
function readData(data: Uint8Array, known: LokiChunk["symbols"] | undefined): Omit<LokiChunk, "labels"> {
  const cursor = new Cursor(data, fail);
  if (cursor.u32() !== dataMagic) throw fail("data without its magic");
  const version = cursor.u8();
  if (version !== 1 && version !== 2 && version !== 3 && version !== 4) throw fail(`unknown format ${version}`);
  const codec = version === 1 ? gzip : cursor.u8();
  const footer = new Cursor(data, fail, Math.max(0, data.length - (version === 4 ? 32 : 8)));
  const symbols = version === 4 ? { length: footer.offset(), offset: footer.offset() } : undefined;
  const metasLength = version === 4 ? footer.offset() : undefined;
  const metasOffset = footer.offset();
  const metasEnd = metasLength === undefined ? data.length - 12 : metasOffset + metasLength;
  const metas = checked(data, metasOffset, metasEnd - metasOffset, "block metas");
  return {
    version,
    codec,
    symbols: known ?? (symbols ? readSymbols(checked(data, symbols.offset, symbols.length, "symbols"), codec) : []),
    blocks: placeBlocks(data, readMetas(metas, version), symbols ? symbols.offset + symbols.length + 4 : cursor.at),
    data,
  };
}

/** A part of the data, its checksum behind it verified. */
function checked(data: Uint8Array, offset: number, length: number, what: string): Uint8Array {
  if (length < 0 || offset + length + 4 > data.length) throw fail(`${what} lie outside`);
  const part = data.subarray(offset, offset + length);
  if (new Cursor(data, fail, offset + length).u32() !== crc32c(part)) throw fail(`checksum of ${what} differs`);
  return part;
}

function readMetas(bytes: Uint8Array, version: number): LokiBlockMeta[] {
  const cursor = new Cursor(bytes, fail);
  return Array.from({ length: cursor.count() }, () => ({
    entries: cursor.uvarint(),
    minTime: cursor.varint(),
    maxTime: cursor.varint(),
    offset: cursor.uvarint(),
    rawBytes: version >= 3 ? cursor.uvarint() : 0,
    length: cursor.uvarint(),
  }));
}

/** Some writers noted wrong offsets: a block whose checksum fails is sought right behind the one before it. */
function placeBlocks(data: Uint8Array, metas: readonly LokiBlockMeta[], first: number): LokiBlockMeta[] {
  let next = first;
  return metas.map((meta) => {
    const offset = holds(data, meta.offset, meta.length) ? meta.offset : next;
    next = offset + meta.length + 4;
    return { ...meta, offset };
  });
}

function holds(data: Uint8Array, offset: number, length: number): boolean {
  if (offset + length + 4 > data.length) return false;
  return new Cursor(data, fail, offset + length).u32() === crc32c(data.subarray(offset, offset + length));
}

function readSymbols(section: Uint8Array, codec: number): string[] {
  const cursor = new Cursor(section, fail);
  const count = cursor.uvarint();
  const plain = new Cursor(unpack(codec, section.subarray(cursor.at), maxBlockBytes, fail), fail);
  if (count > plain.remaining) throw fail(`${count} symbols in ${plain.remaining} bytes`);
  return Array.from({ length: count }, () => plain.text());
}
