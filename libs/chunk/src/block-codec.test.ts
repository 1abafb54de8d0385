import { allColumns, type Block, RatatoskError } from "@ratatosk/model";
import { expect, test } from "vitest";
import { decodeBlock, encodeBlock, packBlock } from "./block-codec.ts";
import { decodeBatch, encodeBatch } from "./batch-codec.ts";
import { Scratch } from "./scratch.ts";
import { sortBlock } from "./sort-block.ts";
import { randomBlock, randomFrom } from "./testing.ts";

const rebased = (block: Block, base: bigint): Block => {
  const shift = Number(block.base - base);
  return { ...block, base, deltas: block.deltas.map((delta) => delta + shift) };
};

test("any block comes back from every encoding", () => {
  const random = randomFrom(7);
  for (const rows of [1, 2, 3, 50, 300, 2000]) {
    const block = randomBlock(random, rows);
    for (const stored of [encodeBlock(block), packBlock(block), packBlock(block, "lz4"), packBlock(block, "zstd", 5)]) {
      const back = decodeBlock(structuredClone(stored), allColumns);
      expect(back).toEqual(rebased(block, stored.extent.minTime));
    }
  }
});

test("a block decoded into used memory is the block decoded into fresh memory", () => {
  const random = randomFrom(8);
  const scratch = new Scratch();
  for (const rows of [2000, 1, 300, 6000, 2, 5000]) {
    const stored = packBlock(randomBlock(random, rows));
    scratch.reset();
    expect(decodeBlock(stored, allColumns, scratch)).toEqual(decodeBlock(stored, allColumns));
  }
});

test("any batch comes back, with its id and without", () => {
  const random = randomFrom(9);
  const streams = [0, 1, 20, 400].map((rows) => ({ labels: `{app="${rows}"}`, block: randomBlock(random, rows) }));
  for (const batch of [
    { tenant: "fake", streams },
    { tenant: "fake", id: { agent: "node-1", sequence: 2 ** 40 }, streams: [] },
  ])
    expect(decodeBatch(encodeBatch(batch))).toEqual(batch);
});

test("only the wanted columns are needed", () => {
  const block = sortBlock(randomBlock(randomFrom(3), 40));
  const stored = encodeBlock(block);
  const timesOnly = { ...stored, columns: stored.columns.filter(({ kind }) => kind === "timestamps") };
  const back = decodeBlock(timesOnly, { lines: false, metadata: [] });
  expect([...back.deltas]).toEqual([...rebased(block, stored.extent.minTime).deltas]);
  expect(() => decodeBlock(timesOnly, allColumns)).toThrow("no lines");
  expect(decodeBlock(stored, { lines: false, lengths: true, metadata: [] }).offsets).toEqual(block.offsets);
});

test("a flipped bit in any byte of a column is found", () => {
  const stored = packBlock(randomBlock(randomFrom(5), 30));
  for (const [at, column] of stored.columns.entries())
    for (let byte = 0; byte < column.bytes.length; byte++) {
      const bytes = Uint8Array.from(column.bytes);
      bytes[byte]! ^= 4;
      expect(() =>
        decodeBlock({ ...stored, columns: stored.columns.with(at, { ...column, bytes }) }, allColumns),
      ).toThrow("checksum differs");
    }
});

test("hostile batches are refused, whatever byte is cut or changed", () => {
  const random = randomFrom(11);
  const bytes = encodeBatch({ tenant: "t", streams: [{ labels: "{}", block: randomBlock(random, 12) }] });
  for (let end = 0; end < bytes.length; end++)
    expect(() => decodeBatch(bytes.subarray(0, end))).toThrow(expect.objectContaining({ code: "corrupt" }));
  for (let at = 0; at < bytes.length * 4; at++) {
    const changed = Uint8Array.from(bytes);
    changed[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    expect([undefined, "corrupt"]).toContain(outcome(changed));
  }
});

test("a column that says it is larger than it is, or smaller, is refused", () => {
  const block: Block = {
    count: 1,
    base: 0n,
    deltas: new Float64Array(1),
    lines: new Uint8Array(10_000).fill(10),
    offsets: Uint32Array.of(0, 10_000),
    metadata: [],
  };
  for (const stored of [packBlock(block), packBlock(block, "lz4")])
    for (const rawBytes of [1, 9_999, 10_001, 2 ** 40]) {
      const columns = stored.columns.map((column) => (column.kind === "lines" ? { ...column, rawBytes } : column));
      expect(() => decodeBlock({ ...stored, columns }, allColumns)).toThrow(
        expect.objectContaining({ code: "corrupt" }),
      );
    }
});

function outcome(bytes: Uint8Array): string | undefined {
  try {
    decodeBatch(bytes);
    return undefined;
  } catch (error) {
    return error instanceof RatatoskError ? error.code : String(error);
  }
}
