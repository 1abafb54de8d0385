import { allColumns, type Block } from "@ratatosk/model";
import { expect, test } from "vitest";
import { decodeBatch, encodeBatch } from "./batch-codec.ts";
import { decodeBlock, encodeBlock } from "./block-codec.ts";
import { decodeTimes, encodeSplitTimes } from "./columns/split-times.ts";
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
/** Split times, in version 2 of segments. */
const bytesOfTimes =
  "0100bf843d0065650004060e10161c2026283034383e42484e50565c60666a7074787e820188018e01920196019c01a001a601aa01ae01b601b801be01c401c801cc01d201d801da01e201e601ea01f001f401fa01fe01820288028e02920298029c02a002a602aa02b002b4023f426f44391b51ee1f1baf7debfad2fbc7668d78ff2f601ff4fbf7e6685dafddebb19c1be16ed6bdffbf60d6c01b41efb1a5af9dec686cfb1768fb14ffaf618d93fba7e8faf3afbded1f42dbae614466ffff62446cdb6ee21f54af3defd61dfbe76a8dbdffaf64fb4afbd7eb68ae6fdbe1b1f3db3e65b226ffbf66b22fdb5ee68d1a6f1be468dbfb376ffb89ff2f69691abb45e1d6806fbbe61fc9db4e6a44f3";

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

test("split times are written as they always were, and read", () => {
  const deltas = Float64Array.from({ length: 64 }, (_, row) => row * row * 1_234_567);
  const bytes = encodeSplitTimes(deltas, { delta: 0, time: 1_768_478_400_000_999_999n }, "none", 1)!;
  expect(Buffer.from(bytes).toString("hex")).toBe(bytesOfTimes);
  const fail = (why: string): Error => new Error(why);
  expect(decodeTimes(new Uint8Array(Buffer.from(bytesOfTimes, "hex")), 64, fail)).toEqual(deltas);
});
