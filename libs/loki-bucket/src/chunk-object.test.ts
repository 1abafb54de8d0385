import { allColumns, lineOf, metadataOf, RatatoskError, timeOf } from "@ratatosk/model";
import { expect, test } from "vitest";
import { decodeLokiBlock, packedBlock } from "./block.ts";
import { readChunkObject } from "./chunk-object.ts";
import { crc32c } from "./crc32c.ts";
import { type RewrittenAs, rewriteChunk } from "./testing/chunk-writer.ts";
import { damaged, randomFrom, testdata } from "./testing/testdata.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

function entries(object: Uint8Array): string[] {
  const chunk = readChunkObject(object);
  return chunk.blocks.flatMap((meta) => {
    const block = decodeLokiBlock(structuredClone(packedBlock(chunk, meta)), allColumns);
    return Array.from({ length: block.count }, (_, row) =>
      [timeOf(block, row), text(lineOf(block, row)), JSON.stringify(metadataOf(block, row))].join(" "),
    );
  });
}

test.each([
  ["v3-none.chunk", 3, 0],
  ["v3-gzip.chunk", 3, 1],
  ["v3-snappy.chunk", 3, 4],
  ["v3-flate.chunk", 3, 8],
  ["v4-lz4-64k.chunk", 4, 3],
  ["v4-lz4-256k.chunk", 4, 5],
  ["v4-snappy.chunk", 4, 4],
  ["v4-zstd.chunk", 4, 9],
])("a chunk of Loki's is read: %s", (name, version, codec) => {
  const object = testdata(name);
  const chunk = readChunkObject(object, crc32c(object));
  expect(chunk).toMatchObject({ version, codec });
  expect({ labels: chunk.labels, entries: entries(object) }).toMatchSnapshot();
});

test("a checksum other than the key's is refused", () => {
  expect(() => readChunkObject(testdata("v4-zstd.chunk"), 1)).toThrow("checksum differs from the key's");
});

/** No sample of these formats that Loki wrote was at hand: they are made from one of format 3. */
test.each<[what: string, as: RewrittenAs]>([
  ["format 1", { version: 1 }],
  ["format 2", { version: 2 }],
  ["format 3 with wrong offsets", { version: 3, offsetError: 7 }],
])("a chunk of %s is read", (_, as) => {
  const object = testdata("v3-gzip.chunk");
  const rewritten = rewriteChunk(object, as);
  expect(readChunkObject(rewritten).version).toBe(as.version);
  expect(entries(rewritten)).toEqual(entries(object));
});

test.each([6, 7])("the larger blocks of lz4, codec %d, are read as its other frames", (codec) => {
  const object = testdata("v4-lz4-256k.chunk");
  const larger = object.slice();
  larger[object.length - readChunkObject(object).data.length + 5] = codec;
  expect(readChunkObject(larger).codec).toBe(codec);
  expect(entries(larger)).toEqual(entries(object));
});

test("damaged chunks are refused or read, and nothing else happens", () => {
  const random = randomFrom(1);
  const files = ["v3-none.chunk", "v3-gzip.chunk", "v3-snappy.chunk", "v4-lz4-256k.chunk", "v4-zstd.chunk"];
  const outcomes = new Set<string>();
  for (let i = 0; i < 3000; i++) {
    try {
      entries(damaged(testdata(files[i % files.length]!), random));
      outcomes.add("read");
    } catch (error) {
      outcomes.add(error instanceof RatatoskError ? error.code : String(error));
    }
  }
  expect([...outcomes].sort()).toEqual(["corrupt", "read"]);
});
