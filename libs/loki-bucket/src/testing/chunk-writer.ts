import { crc32c } from "../crc32c.ts";
import { type LokiChunk, readChunkObject } from "../chunk-object.ts";

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

function metasOf({ blocks }: LokiChunk, version: number, first: number): Buffer {
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
