import { allColumns } from "@ratatosk/model";
import { test } from "vitest";
import { decodeBatch, encodeBatch } from "./batch-codec.ts";
import { decodeBlock, encodeBlock, packBlock } from "./block-codec.ts";
import { joinLines, randomFrom } from "./testing.ts";

const random = randomFrom(1);
const words = Array.from({ length: 300 }, () => Math.floor(random() * 1e9).toString(36));
const word = (): string => words[Math.floor(random() * words.length)]!;
const rows = 4000;
const block = {
  count: rows,
  base: 0n,
  deltas: Float64Array.from({ length: rows }, (_, row) => row * 1_234_567 + Math.floor(random() * 1e6)),
  ...joinLines(
    Array.from({ length: rows }, (_, row) => Buffer.from(`ts=${row} ${Array.from({ length: 30 }, word).join(" ")}`)),
  ),
  metadata: [{ name: "detected_level", values: ["info"], index: new Uint32Array(rows).fill(1) }],
};
const [zstd, lz4] = [packBlock(block), packBlock(block, "lz4")];
const batch = encodeBatch({ tenant: "fake", streams: [{ labels: "{}", block }] });

test(`a block of ${rows} rows, ${(block.lines.length / 1e6).toFixed(2)} MB`, async ({ bench }) => {
  await bench("batch encoded", () => void encodeBatch({ tenant: "fake", streams: [{ labels: "{}", block }] })).run();
  await bench("batch decoded", () => void decodeBatch(batch)).run();
  await bench("block encoded, zstd", () => void packBlock(block)).run();
  await bench("block encoded, lz4", () => void packBlock(block, "lz4")).run();
  await bench("block decoded, zstd", () => void decodeBlock(zstd, allColumns)).run();
  await bench("block decoded, lz4", () => void decodeBlock(lz4, allColumns)).run();
  await bench("block decoded, times only", () => void decodeBlock(zstd, { lines: false, metadata: [] })).run();
  const plain = encodeBlock(block);
  await bench("block decoded, uncompressed", () => void decodeBlock(plain, allColumns)).run();
});
