import type { Block } from "@ratatosk/model";
import { expect, test } from "vitest";
import { sampleBlock } from "./block-sample.ts";
import { decodeSample, encodeSample } from "./sample-codec.ts";

const base = 1_768_478_400_000_000_000n;
const bucket = 176_847_840;
const fail = (why: string): Error => new Error(`refused: ${why}`);

/** Lines a second apart; levels by row, none where empty. */
function blockOf(lines: readonly string[], levels: readonly string[] = []): Block {
  const bytes = lines.map((line) => Buffer.from(`${line}\n`));
  const offsets = new Uint32Array(lines.length + 1);
  for (const [row, one] of bytes.entries()) offsets[row + 1] = offsets[row]! + one.length;
  const values = [...new Set(levels)].filter(Boolean);
  const index = Uint32Array.from(lines, (_, row) => values.indexOf(levels[row] ?? "") + 1);
  return {
    count: lines.length,
    base,
    deltas: Float64Array.from(lines, (_, row) => row * 1e9),
    lines: Buffer.concat(bytes),
    offsets,
    metadata: levels.length === 0 ? [] : [{ name: "detected_level", values, index }],
  };
}

test("of few lines all are mined, by level and ten seconds", () => {
  const lines = Array.from({ length: 24 }, (_, i) => (i % 8 === 0 ? `disk ${i} is full` : `order ${i} placed`));
  const levels = lines.map((line) => (line.startsWith("disk") ? "error" : ""));
  expect(sampleBlock(blockOf(lines, levels), 100)).toEqual([
    { level: "", lines: 21, sampled: 21, patterns: [pattern("order <_> placed", [8, 9, 4])] },
    { level: "error", lines: 3, sampled: 3, patterns: [pattern("disk <_> is full", [2, 1])] },
  ]);
});

const pattern = (template: string, counts: readonly number[]): unknown => ({
  template,
  counts: new Map(counts.map((count, i) => [bucket + i, count])),
});

test("of many lines some of all parts are, and all of a level that has few", () => {
  const lines = Array.from({ length: 5000 }, (_, i) => (i % 2 === 0 ? `GET /api/${i}` : `sent ${i} bytes`));
  const levels = lines.map((_, i) => (i % 1000 === 7 ? "error" : "info"));
  const [info, error] = sampleBlock(blockOf(lines, levels), 64);
  expect(info).toMatchObject({ level: "info", lines: 4995, sampled: 59 });
  expect(error).toMatchObject({ level: "error", lines: 5, sampled: 5 });
  const counts = info!.patterns.map((one) => [...one.counts.values()].reduce((sum, count) => sum + count, 0));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(59);
  expect(Math.min(...counts)).toBeGreaterThan(15);
  expect(new Set(info!.patterns.flatMap((one) => [...one.counts.keys()])).size).toBeGreaterThan(50);
});

test("a sample is written and read, and is never large", () => {
  const lines = Array.from({ length: 900 }, (_, i) => (i % 3 === 0 ? `took ${i} ms` : `${"x ".repeat(i)}${i}`));
  const levels = lines.map((_, i) => ["info", "warn", ""][i % 3]!);
  const sample = sampleBlock(blockOf(lines.slice(0, 60), levels), 60);
  expect(decodeSample(encodeSample(sample), fail)).toEqual(sample);
  expect(encodeSample(sampleBlock(blockOf(lines, levels), 900)).length).toBeLessThan(20_000);
  expect(decodeSample(encodeSample([]), fail)).toEqual([]);
  expect(sampleBlock(blockOf([]), 10)).toEqual([]);
});

test("bytes that are cut off or changed are refused or read, nothing else", () => {
  const bytes = encodeSample(sampleBlock(blockOf(["a 1", "b 2", "a 3"], ["info", "warn", "info"]), 10));
  for (let at = 0; at < bytes.length; at++) {
    expect(() => decodeSample(bytes.subarray(0, at), fail)).toThrow("refused");
    for (const bit of [1, 8, 128]) {
      const changed = bytes.slice();
      changed[at]! ^= bit;
      expect(["read", "refused"]).toContain(outcome(changed));
    }
  }
});

function outcome(bytes: Uint8Array): string {
  try {
    decodeSample(bytes, fail);
    return "read";
  } catch (error) {
    return String(error).startsWith("Error: refused") ? "refused" : String(error);
  }
}
