import { ByteReader, ByteWriter } from "@ratatosk/bytes";
import type { Block } from "@ratatosk/model";
import type { Batch, BatchId, BatchStream } from "./batch.ts";
import { checkLines } from "./block-codec.ts";
import { decodeOffsets, encodeLengths } from "./columns/lengths.ts";
import { decodeMetadata, encodeMetadata } from "./columns/metadata.ts";
import { decodeTimestamps, encodeTimestamps } from "./columns/timestamps.ts";
import { corrupt } from "./corrupt.ts";

const magic = 0x424b5452; // "RTKB"
const version = 1;
const fail = corrupt("batch");

/**
 * A batch in bytes. Whoever carries them (the WAL, the network) checks them.
 *   ┌────────┬─────────┬───────────────┬────────────────────────────────┬──────────────────┬─────────┐
 *   │ "RTKB" │ 1 <u8>  │ tenant <text> │ agent <text>, sequence <varint> │ streams <varint> │ streams │
 *   └────────┴─────────┴───────────────┴────────────────────────────────┴──────────────────┴─────────┘
 *   stream: labels <text>, base <i64>, rows <varint>, timestamps <bytes>, lengths <bytes>, lines <bytes>,
 *           names <varint>, names × ( name <text>, metadata <bytes> )
 * A batch without an id has an empty agent. The bytes lie in `memory` if they fit.
 */
export function encodeBatch(batch: Batch, memory?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const guess = batch.streams.reduce((sum, { block }) => sum + sizeGuess(block), 256);
  const out = new ByteWriter(memory !== undefined && memory.length >= guess ? memory : guess);
  out.u32(magic);
  out.u8(version);
  out.text(batch.tenant);
  out.text(batch.id?.agent ?? "");
  out.varint(batch.id?.sequence ?? 0);
  out.varint(batch.streams.length);
  for (const stream of batch.streams) encodeStream(stream, out);
  return out.written();
}

/** Reads a batch; its lines are views of `bytes`. Throws corrupt. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const reader = new ByteReader(bytes, fail);
  const { tenant, id } = readHeader(reader);
  const streams = Array.from({ length: reader.count() }, () => decodeStream(reader));
  reader.end();
  return id === undefined ? { tenant, streams } : { tenant, id, streams };
}

function readHeader(reader: ByteReader): { tenant: string; id: BatchId | undefined } {
  if (reader.u32() !== magic) throw fail("does not begin with RTKB");
  const found = reader.u8();
  if (found !== version) throw fail(`version ${found} is not known`);
  const tenant = reader.text();
  const agent = reader.text();
  const sequence = reader.varint();
  return { tenant, id: agent === "" ? undefined : { agent, sequence } };
}

function encodeStream({ labels, block }: BatchStream, out: ByteWriter): void {
  out.text(labels);
  out.i64(block.base);
  out.varint(block.count);
  out.bytes(encodeTimestamps(block.deltas, 0));
  out.bytes(encodeLengths(block.offsets));
  out.bytes(block.lines);
  out.varint(block.metadata.length);
  for (const column of block.metadata) {
    out.text(column.name);
    out.bytes(encodeMetadata(column));
  }
}

function decodeStream(reader: ByteReader): BatchStream {
  const labels = reader.text();
  const base = reader.i64();
  const count = reader.varint();
  const deltas = decodeTimestamps(reader.bytes(), count, fail);
  const lengths = reader.bytes();
  const lines = reader.bytes();
  const offsets = decodeOffsets(lengths, count, lines.length, fail);
  checkLines(lines, offsets, fail);
  const metadata = Array.from({ length: reader.count() }, () =>
    decodeMetadata(reader.text(), reader.bytes(), count, fail),
  );
  return { labels, block: { count, base, deltas, lines, offsets, metadata } };
}

const sizeGuess = (block: Block): number => block.lines.length + block.count * (10 + 2 * block.metadata.length) + 512;
