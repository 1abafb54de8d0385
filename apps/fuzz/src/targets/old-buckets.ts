import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeLokiBlock } from "@ratatosk/loki-bucket";
import { BoltIndex, crc32c, packedBlock, readChunkObject, TsdbIndex } from "@ratatosk/loki-bucket/testing";
import type { Target } from "../target.ts";

const everything = { lines: true, metadata: "all" } as const;
const allSeries = { tenant: "fake", fromMs: 0, throughMs: 4e12, matches: () => true };
const day = 20_468;

/** Objects of old Loki buckets, whose index files are read where they lie. */
export const oldBucketTargets: readonly Target[] = [
  { name: "loki-chunk", read: readChunk },
  { name: "loki-block", read: readEntries },
  { name: "loki-tsdb", read: (input) => readIndex(input, (path) => new TsdbIndex(path, false)) },
  { name: "loki-boltdb", read: (input) => readIndex(input, (path) => new BoltIndex(path, day)) },
];

function readChunk(input: Uint8Array): void {
  const chunk = readChunkObject(input);
  for (const meta of chunk.blocks) decodeLokiBlock(packedBlock(chunk, meta), everything);
}

/** The entries of a block, which its packing and checksum would hide: their number, and the entries. */
function readEntries(input: Uint8Array): void {
  const bytes = input.subarray(1);
  const extent = { minTime: 1n, maxTime: 2n ** 62n, entries: input[0] ?? 0, bytes: 0 };
  const block = { format: "loki" as const, ...extent, extent, codec: 0, symbols: ["level", "info"], bytes };
  decodeLokiBlock({ ...block, withMetadata: true, crc: crc32c(bytes) }, everything);
}

let directory: string | undefined;

function readIndex(input: Uint8Array, open: (path: string) => TsdbIndex | BoltIndex): void {
  const path = join((directory ??= makeDirectory()), "index");
  writeFileSync(path, input);
  const index = open(path);
  try {
    for (const equals of [[], [["app", "clock"]]] as const)
      for (const { chunks } of index.select({ ...allSeries, equals })) for (const { key } of chunks) key.charCodeAt(0);
  } finally {
    index.close();
  }
}

function makeDirectory(): string {
  const made = mkdtempSync(join(tmpdir(), "fuzz-index-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  return made;
}
