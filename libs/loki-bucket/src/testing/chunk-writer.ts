import { gzipSync } from "node:zlib";
import type { Labels } from "@ratatosk/model";
import { type LokiBlockMeta, type LokiChunk, readChunkObject } from "../chunk-object.ts";
import { crc32c } from "../crc32c.ts";

const magic = 0x012ee56a;
const headerBytes = { 1: 5, 2: 6, 3: 6 };

export interface RewrittenAs {
  readonly version: 1 | 2 | 3;
  /** Is added to the offsets that are noted, as some writers did. */
  readonly offsetError?: number;
}

/** A chunk object of format 3, its blocks and labels written in another format before 4. */
export function rewriteChunk(object: Uint8Array, { version, offsetError = 0 }: RewrittenAs): Uint8Array {
  const chunk = readChunkObject(object);
  const metadataEnd = object.length - chunk.data.length - 4;
  const blocks = chunk.blocks.map(({ offset, length }) => chunk.data.subarray(offset, offset + length + 4));
  const header = Buffer.alloc(headerBytes[version]);
  header.writeUInt32BE(magic);
  header[4] = version;
  if (version > 1) header[5] = chunk.codec;
  const metasAt = blocks.reduce((at, { length }) => at + length, header.length);
  const metas = metasOf(chunk, version, header.length + offsetError);
  const data = Buffer.concat([header, ...blocks, metas, u32(crc32c(metas)), u32(0), u32(metasAt)]);
  return Buffer.concat([object.subarray(0, metadataEnd), u32(data.length), data]);
}

export interface WrittenEntry {
  readonly time: bigint;
  readonly line: string;
}

/** A chunk object of format 3, packed with gzip. The entries of a block ascend by time; blocks may overlap. */
export function writeChunk(labels: Labels, blocks: readonly (readonly WrittenEntry[])[]): Uint8Array {
  const packed = blocks.map((entries) => {
    const bytes = gzipSync(Buffer.concat(entries.map(entryOf)), { level: 1 });
    return Buffer.concat([bytes, u32(crc32c(bytes))]);
  });
  const header = Buffer.concat([u32(magic), Buffer.from([3, gzip])]);
  const metas = metasOf(
    { blocks: blocks.map((entries, i) => metaOf(entries, packed[i]!.length - 4)) },
    3,
    header.length,
  );
  const metasAt = packed.reduce((at, { length }) => at + length, header.length);
  const data = Buffer.concat([header, ...packed, metas, u32(crc32c(metas)), u32(0), u32(metasAt)]);
  const metadata = framed(Buffer.from(JSON.stringify({ metric: Object.fromEntries(labels), encoding: 129 })));
  return Buffer.concat([u32(metadata.length + 4), metadata, u32(data.length), data]);
}

const gzip = 1;

function entryOf({ time, line }: WrittenEntry): Buffer {
  const bytes = Buffer.from(line);
  return Buffer.concat([uvarint(time * 2n), uvarint(BigInt(bytes.length)), bytes]);
}

function metaOf(entries: readonly WrittenEntry[], length: number): LokiBlockMeta {
  const rawBytes = entries.reduce((sum, { line }) => sum + line.length, 0);
  const times = { minTime: entries[0]!.time, maxTime: entries.at(-1)!.time };
  return { entries: entries.length, ...times, offset: 0, rawBytes, length };
}

/** In one plain frame of Snappy's framing format. */
function framed(bytes: Buffer): Buffer {
  const crc = crc32c(bytes);
  const frame = Buffer.alloc(8);
  frame.writeUInt32LE(1 + ((bytes.length + 4) << 8));
  frame.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0, 4);
  return Buffer.concat([Buffer.from("ff060000734e61507059", "hex"), frame, bytes]);
}

function metasOf({ blocks }: Pick<LokiChunk, "blocks">, version: number, first: number): Buffer {
  const parts = [uvarint(BigInt(blocks.length))];
  let offset = first;
  for (const { entries, minTime, maxTime, rawBytes, length } of blocks) {
    parts.push(uvarint(BigInt(entries)), uvarint(minTime * 2n), uvarint(maxTime * 2n), uvarint(BigInt(offset)));
    if (version > 2) parts.push(uvarint(BigInt(rawBytes)));
    parts.push(uvarint(BigInt(length)));
    offset += length + 4;
  }
  return Buffer.concat(parts);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uvarint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}
