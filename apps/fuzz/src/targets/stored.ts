import { crc32, zstdCompressSync } from "node:zlib";
import { type ColumnKind, type ColumnsBlock, codecOf, decodeBatch, decodeBlock } from "@ratatosk/chunk";
import { LabelIndex } from "@ratatosk/label-index";
import { sectionCount, writeSections } from "@ratatosk/label-index/testing";
import { RatatoskError } from "@ratatosk/model";
import { decodeSample, PatternMiner } from "@ratatosk/patterns";
import { mayContain } from "@ratatosk/skip-index";
import { Directory, segmentVersions } from "@ratatosk/store";
import { fileHeaderBytes, scanRecords, seedOf } from "@ratatosk/wal/testing";
import type { Target } from "../target.ts";
import { splitPieces } from "./pieces.ts";

const everything = { start: -(2n ** 62n), end: 2n ** 62n };
const needle = Buffer.from("error");

/** Files on disks and in buckets, which may be damaged; most have a second target that looks behind their checksums. */
export const storedTargets: readonly Target[] = [
  { name: "wal", read: readWal },
  { name: "batch", read: (input) => void decodeBatch(input) },
  { name: "block", read: readBlock },
  { name: "segment", read: (input) => readDirectory(input) },
  {
    name: "segment-directory",
    read: (input) => readDirectory(sealDirectory(input)),
  },
  { name: "patterns", read: readPatterns },
  { name: "index", read: readIndex },
  { name: "index-sections", read: (input) => readIndex(writeSections(splitPieces(input, sectionCount))) },
  { name: "skip-index", read: (input) => void mayContain(input, needle) },
];

function readWal(input: Uint8Array): void {
  const bytes = Buffer.from(input);
  if (bytes.length < fileHeaderBytes) return;
  let end = fileHeaderBytes;
  for (const found of scanRecords(bytes, fileHeaderBytes, seedOf(bytes))) {
    if (found.kind === "torn") break;
    if (found.end <= end) throw new Error("the scan does not move on");
    end = found.end;
    if (found.kind === "record") decodeBatch(found.record.payload);
  }
}

const kinds: readonly ColumnKind[] = ["timestamps", "lengths", "lines", "metadata"];
export const blockColumns = kinds.length;

/** A piece says how many entries there are; then come columns: codec, raw size (u32), bytes. */
function readBlock(input: Uint8Array): void {
  const [about, ...columns] = splitPieces(input, 1 + kinds.length);
  const entries = about!.length < 4 ? 0 : Buffer.from(about!).readUInt32LE();
  const fail = (why: string): Error => new RatatoskError("corrupt", why);
  const stored: ColumnsBlock = {
    format: "columns",
    extent: { minTime: 0n, maxTime: 2n ** 62n, entries, bytes: 0 },
    columns: columns.map((column, at) => {
      const bytes = column.subarray(5);
      const rawBytes = column.length < 5 ? 0 : Math.min(Buffer.from(column).readUInt32LE(1), 2 ** 24);
      const codec = codecOf((column[0] ?? 0) % 4, fail);
      return { kind: kinds[at]!, name: "", codec, rawBytes, crc: crc32(bytes), bytes };
    }),
  };
  decodeBlock(stored, { lines: true, metadata: "all" });
}

function readDirectory(tail: Uint8Array): void {
  const directory = new Directory("fuzz", tail);
  for (let chunk = 0; chunk < Math.min(directory.chunks, 1000); chunk++) directory.chunk(chunk);
}

/** A sample's patterns are put together, as a query does. */
function readPatterns(input: Uint8Array): void {
  const miner = new PatternMiner();
  for (const { patterns } of decodeSample(input, corruptPatterns))
    for (const { template, counts } of patterns)
      for (const [bucket, lines] of counts) miner.addPattern(template, bucket, lines);
  miner.patterns();
}

const corruptPatterns = (why: string): Error => new RatatoskError("corrupt", why);

/** A directory as a segment ends with it, its checksums right; the first byte says of which version. */
function sealDirectory(input: Uint8Array): Uint8Array {
  const version = segmentVersions[(input[0] ?? 0) % segmentVersions.length]!;
  const raw = input.subarray(1);
  const stored = zstdCompressSync(raw);
  const footer = Buffer.alloc(32);
  footer.writeUInt32LE(stored.length, 8);
  footer.writeUInt32LE(raw.length, 12);
  footer.writeUInt32LE(crc32(stored), 16);
  footer.writeUInt32LE(version, 20);
  footer.writeUInt32LE(crc32(footer.subarray(0, 24)), 24);
  footer.write("RTKS", 28);
  return Buffer.concat([stored, footer]);
}

function readIndex(file: Uint8Array): void {
  const index = new LabelIndex(file);
  if (index.seriesCount > 100_000) return;
  index.select([{ name: "app", op: "=~", value: "a.*" }], everything);
  index.labelNames([], everything);
  index.labelValues("app", [], everything);
}
