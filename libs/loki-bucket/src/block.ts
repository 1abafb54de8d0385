import type { Block, Columns, StoredBlock } from "@ratatosk/model";
import { type LokiBlockMeta, type LokiChunk, maxBlockBytes } from "./chunk-object.ts";
import { plainCodec, unpack, unpackAside } from "./codec.ts";
import { corrupt } from "./corrupt.ts";
import { crc32c } from "./crc32c.ts";
import { Cursor } from "./cursor.ts";
import { EntryReader } from "./entry-reader.ts";
import { MetadataBuilder } from "./metadata-builder.ts";

/** A block of an old chunk, packed as Loki wrote it. Plain data, so that it can be posted to a worker. */
export interface LokiBlock extends StoredBlock {
  readonly format: "loki";
  readonly codec: number;
  /** Entries carry structured metadata (chunk format 4). */
  readonly withMetadata: boolean;
  readonly entries: number;
  readonly minTime: bigint;
  readonly symbols: readonly string[];
  readonly bytes: Uint8Array;
  /** CRC-32C of `bytes`; undefined where it was checked before they were unpacked. */
  readonly crc: number | undefined;
}

const fail = corrupt("loki block");

/** One block of a chunk, not yet unpacked. */
export function packedBlock({ codec, version, symbols, data }: LokiChunk, meta: LokiBlockMeta): LokiBlock {
  const end = meta.offset + meta.length;
  return {
    format: "loki",
    codec,
    withMetadata: version === 4,
    entries: meta.entries,
    minTime: meta.minTime,
    symbols,
    bytes: data.subarray(meta.offset, end),
    crc: new Cursor(data, fail, end).u32(),
  };
}

/** The bytes of a block, unpacked, in a buffer of their own size. Throws corrupt. */
export async function plainBytes({ bytes, crc, codec }: LokiBlock): Promise<Uint8Array> {
  if (crc !== undefined && crc32c(bytes) !== crc) throw fail("checksum differs");
  const plain = await unpackAside(codec, bytes, maxBlockBytes, fail);
  return plain.byteLength === plain.buffer.byteLength ? plain : new Uint8Array(plain);
}

/** A block whose bytes were unpacked. */
export const plainBlock = (packed: LokiBlock, bytes: Uint8Array): LokiBlock => ({
  ...packed,
  codec: plainCodec,
  crc: undefined,
  bytes,
});

/** Unpacks a block into columns. Entries ascend by time, as Loki wrote them. Throws corrupt. */
export function decodeLokiBlock(packed: LokiBlock, want: Columns): Block {
  if (packed.crc !== undefined && crc32c(packed.bytes) !== packed.crc) throw fail("checksum differs");
  const plain = unpack(packed.codec, packed.bytes, maxBlockBytes, fail);
  const reader = new EntryReader(plain, packed.minTime, fail);
  const count = packed.entries;
  if (count > plain.length) throw fail(`${count} entries in ${plain.length} bytes`);
  const deltas = new Float64Array(count);
  const offsets = new Uint32Array(count + 1);
  const lines = new Uint8Array(plain.length);
  const metadata = new MetadataBuilder(packed.symbols, count);
  let to = 0;
  for (let row = 0; row < count; row++) {
    deltas[row] = reader.delta();
    const length = reader.length();
    lines.set(plain.subarray(reader.at, reader.at + length), to);
    reader.skip(length);
    to += length;
    lines[to++] = 0x0a;
    offsets[row + 1] = to;
    if (packed.withMetadata) reader.metadata(row, metadata);
  }
  reader.end();
  const names = metadata.columns().filter(({ name }) => want.metadata === "all" || want.metadata.includes(name));
  return { count, base: packed.minTime, deltas, lines: lines.subarray(0, to), offsets, metadata: names };
}
