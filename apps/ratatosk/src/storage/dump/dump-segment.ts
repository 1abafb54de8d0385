import { crc32 } from "node:zlib";
import { type ColumnsBlock, decodeBlock } from "@ratatosk/chunk";
import { allColumns } from "@ratatosk/model";
import { type BlockEntry, openSegmentFile } from "@ratatosk/store";
import { dumpLines } from "./dump-lines.ts";
import type { DumpOptions, DumpRecord } from "./dump-record.ts";
import { damageOf } from "./damage.ts";

/** A segment: its chunks, their blocks, the blocks' columns. Damage inside is told where it is met. */
export function* dumpSegment(key: string, bytes: Uint8Array, { lines }: DumpOptions): Generator<DumpRecord> {
  const { version, directory } = openSegmentFile(key, bytes);
  yield { kind: "segment", key, version, bytes: bytes.length, chunks: directory.chunks };
  for (let ordinal = 0; ordinal < directory.chunks; ordinal++) {
    const { stream, blocks } = directory.chunk(ordinal);
    yield { kind: "chunk", chunk: ordinal, stream, blocks: blocks.length };
    for (const [number, block] of blocks.entries()) {
      yield* dumpBlock(ordinal, number, block, bytes);
      if (lines) yield* damageOf(key, () => dumpLines(decoded(block, bytes)));
    }
  }
}

function* dumpBlock(chunk: number, number: number, block: BlockEntry, bytes: Uint8Array): Generator<DumpRecord> {
  const { minTime, maxTime, entries, bytes: raw, levels, columns, skip } = block;
  yield { kind: "block", chunk, block: number, minTime, maxTime, entries, bytes: raw, levels };
  for (const { kind: column, name, codec, offset, storedBytes, rawBytes, crc } of columns)
    yield {
      kind: "column",
      column,
      name,
      codec,
      offset,
      storedBytes,
      rawBytes,
      checksum: sum(bytes, offset, storedBytes, crc),
    };
  if (skip === undefined) return;
  const { offset, length, crc } = skip;
  yield {
    kind: "column",
    column: "skip index",
    offset,
    storedBytes: length,
    checksum: sum(bytes, offset, length, crc),
  };
}

const sum = (bytes: Uint8Array, offset: number, length: number, crc: number): string =>
  crc32(bytes.subarray(offset, offset + length)) === crc ? "right" : "wrong";

function decoded({ columns, ...extent }: BlockEntry, bytes: Uint8Array): ReturnType<typeof decodeBlock> {
  const stored: ColumnsBlock = {
    format: "columns",
    extent,
    columns: columns.map(({ offset, storedBytes, ...column }) => ({
      ...column,
      bytes: bytes.subarray(offset, offset + storedBytes),
    })),
  };
  return decodeBlock(stored, allColumns);
}
