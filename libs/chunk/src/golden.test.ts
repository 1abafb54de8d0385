import { allColumns, type Block } from "@ratatosk/model";
import { expect, test } from "vitest";
import { decodeBatch, encodeBatch } from "./batch-codec.ts";
import { decodeBlock, encodeBlock } from "./block-codec.ts";
import { joinLines } from "./testing.ts";

const block: Block = {
  count: 3,
  base: 1_768_478_400_000_000_000n,
  deltas: Float64Array.of(0, 5_000_000, 4_999_999),
  ...joinLines(["GET /", "", "näh"].map((line) => Buffer.from(line))),
  metadata: [{ name: "detected_level", values: ["info", "error"], index: Uint32Array.of(1, 0, 2) }],
};
const batch = { tenant: "fake", id: { agent: "node-1", sequence: 300 }, streams: [{ labels: '{app="a"}', block }] };

/** What version 1 has always been: these bytes lie in write-ahead logs, and are read for ever. */
const bytesOfBatch =
  "52544b42010466616b65066e6f64652d31ac0201097b6170703d2261227d0080f328bce58a1803060080ade20403030500040c474554202f0a0a6ec3a4680a010e64657465637465645f6c6576656c0f0204696e666f056572726f72010002";

test("a batch is written as version 1 always was, and read", () => {
  expect(Buffer.from(encodeBatch(batch)).toString("hex")).toBe(bytesOfBatch);
  expect(decodeBatch(new Uint8Array(Buffer.from(bytesOfBatch, "hex")))).toEqual(batch);
});

test("columns are written as they always were, and read", () => {
  const stored = encodeBlock(block);
  expect(stored.columns.map(({ kind, bytes }) => `${kind} ${Buffer.from(bytes).toString("hex")}`)).toEqual([
    "timestamps 0080ade20403",
    "lengths 050004",
    "lines 474554202f0a0a6ec3a4680a",
    "metadata 0204696e666f056572726f72010002",
  ]);
  expect(decodeBlock(stored, allColumns)).toEqual(block);
});
