import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allColumns } from "@ratatosk/model";
import { afterAll, expect, test } from "vitest";
import { decodeLokiBlock, packedBlock, plainBytes } from "./block.ts";
import { parseChunkKey } from "./chunk-key.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { sampleBucket } from "./testing/sample-bucket.ts";

const directory = mkdtempSync(join(tmpdir(), "loki-chunk-reader-"));
afterAll(() => rmSync(directory, { recursive: true }));

async function open() {
  const { objects, chunks } = await sampleBucket();
  const limits = { chunkCacheBytes: 0, unpacked: { memoryBytes: 2 ** 20, diskBytes: 0 } };
  const reader = new ChunkReader({ objects, cacheDirectory: directory, ...limits });
  return { objects, reader, chunks: chunks.map((key) => parseChunkKey(key)!) };
}
const newQuery = (): AbortSignal => new AbortController().signal;

test("parts of a query that open a chunk at once open it together", async () => {
  const { reader, chunks } = await open();
  const signal = newQuery();
  const [first, second, other] = await Promise.all([
    reader.open(chunks[0]!, signal),
    reader.open(chunks[0]!, signal),
    reader.open(chunks[0]!, newQuery()),
  ]);
  expect([second === first, other === first]).toEqual([true, false]);
});

test("the symbols of a chunk that was opened lately are known", async () => {
  const { reader, chunks } = await open();
  const zstd = chunks[3]!;
  const first = await reader.open(zstd, newQuery());
  expect(first.symbols.length).toBeGreaterThan(0);
  expect((await reader.open(zstd, newQuery())).symbols).toBe(first.symbols);
});

test("a chunk that could not be opened is tried again", async () => {
  const { objects, reader, chunks } = await open();
  const whole = await objects.get(chunks[0]!.key);
  await objects.delete([chunks[0]!.key]);
  const signal = newQuery();
  await expect(reader.open(chunks[0]!, signal)).rejects.toMatchObject({ code: "not_found" });
  await objects.put(chunks[0]!.key, whole);
  expect((await reader.open(chunks[0]!, signal)).blocks.length).toBeGreaterThan(0);
});

test("a block holds the same, unpacked here or by who scans it", async () => {
  const { reader, chunks } = await open();
  const signal = newQuery();
  for (const { key, ...indexed } of chunks) {
    const chunk = await reader.open({ key, ...indexed }, signal);
    for (const meta of chunk.blocks) {
      const packed = await reader.block({ key, chunk, meta }, allColumns, signal);
      const plain = await reader.block({ key, chunk, meta }, { ...allColumns, reads: 2 }, signal);
      expect([packed.crc === undefined, plain.crc === undefined]).toEqual([false, true]);
      expect(decodeLokiBlock(plain, allColumns)).toEqual(decodeLokiBlock(packed, allColumns));
    }
  }
});

test("what is kept of a block is its bytes and no more", async () => {
  const { reader, chunks } = await open();
  for (const indexed of chunks) {
    const chunk = await reader.open(indexed, newQuery());
    const plain = await plainBytes(packedBlock(chunk, chunk.blocks[0]!));
    expect(plain.buffer.byteLength).toBe(plain.length);
  }
});

test("a block that is damaged is left to who scans it", async () => {
  const { reader, chunks } = await open();
  const signal = newQuery();
  const { key } = chunks[0]!;
  const chunk = await reader.open(chunks[0]!, signal);
  const meta = chunk.blocks[0]!;
  chunk.data[meta.offset + 5]! ^= 1;
  const block = await reader.block({ key, chunk, meta }, { ...allColumns, reads: 2 }, signal);
  expect(() => decodeLokiBlock(block, allColumns)).toThrow("loki block: checksum differs");
});
