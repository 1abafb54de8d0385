import { expect, test } from "vitest";
import { javascript } from "./javascript.ts";
import { lz4MaxBytes } from "./js/lz4-compress.ts";
import { Needle } from "./needle.ts";
import { Random } from "./random.ts";
import { webAssembly } from "./wasm.ts";

const wasm = webAssembly()!;

test("compressing gives the same bytes in both twins, and uncompressing those gives the input", () => {
  const random = new Random(1);
  let differences = 0;
  for (let i = 0; i < 2000; i++) {
    const raw = random.text(random.below(i % 50 === 0 ? 200_000 : 3000));
    const snappy = wasm.snappyCompress(raw);
    const lz4 = wasm.lz4Compress(raw);
    differences += differ(snappy, javascript.snappyCompress(raw));
    differences += differ(lz4, javascript.lz4Compress(raw));
    const bodyAt = snappy.findIndex((byte) => byte < 0x80) + 1;
    differences += differ(wasm.snappyUncompress(snappy, bodyAt, raw.length), raw);
    differences += differ(javascript.snappyUncompress(snappy, bodyAt, raw.length), raw);
    differences += differ(wasm.lz4Uncompress(lz4, raw.length), raw);
    differences += differ(javascript.lz4Uncompress(lz4, raw.length), raw);
  }
  expect(differences).toBe(0);
});

test("both twins take and refuse the same damaged blocks", () => {
  const random = new Random(2);
  let differences = 0;
  for (let i = 0; i < 50_000; i++) {
    const raw = random.text(random.below(400));
    const damaged = random.damage(i % 2 === 0 ? javascript.snappyCompress(raw) : javascript.lz4Compress(raw));
    const rawBytes = Math.max(0, raw.length + random.below(3) - 1);
    differences += differ(
      wasm.snappyUncompress(damaged, 1, rawBytes),
      javascript.snappyUncompress(damaged, 1, rawBytes),
    );
    differences += differ(wasm.lz4Uncompress(damaged, rawBytes), javascript.lz4Uncompress(damaged, rawBytes));
  }
  expect(differences).toBe(0);
});

test("both twins find the same rows", () => {
  const random = new Random(3);
  let differences = 0;
  for (let i = 0; i < 10_000; i++) {
    const lines = random.text(random.below(i % 200 === 0 ? 1_500_000 : 600) + 1, 2 + random.below(6));
    const offsets = random.offsets(lines);
    const from = random.below(lines.length);
    const bytes = lines.slice(from, from + 1 + random.below(12));
    if (random.below(4) === 0) bytes[random.below(bytes.length)] = random.below(256);
    const needle = new Needle(bytes, { ignoreCase: i % 3 === 0 });
    const expected = new Uint32Array(offsets.length);
    const actual = new Uint32Array(offsets.length);
    const count = javascript.searchRows(lines, offsets, needle, expected);
    expect(wasm.searchRows(lines, offsets, needle, actual)).toBe(count);
    expect(wasm.searchRows(lines, offsets, needle, undefined)).toBe(count);
    differences += differ(actual, expected);
  }
  expect(differences).toBe(0);
});

test("both twins find the same newlines", () => {
  const random = new Random(4);
  let differences = 0;
  for (let i = 0; i < 2000; i++) {
    const bytes = random.text(random.below(i % 50 === 0 ? 300_000 : 500), 3);
    const [expected, actual] = [new Uint32Array(random.below(bytes.length + 1)), new Uint32Array(0)];
    const out = new Uint32Array(expected.length);
    expect(wasm.newlines(bytes, out)).toBe(javascript.newlines(bytes, expected));
    differences += differ(out, expected);
    expect(wasm.newlines(bytes, actual)).toBe(0);
  }
  expect(differences).toBe(0);
});

test("both twins mark the same windows, and fold the marks alike", () => {
  const random = new Random(5);
  const [words, groups] = [new Uint8Array(2 ** 17), new Uint8Array(2 ** 18)];
  const [otherWords, otherGroups] = [words.slice(), groups.slice()];
  let differences = 0;
  for (let i = 0; i < 300; i++) {
    const lines = random.text(random.below(i % 100 === 0 ? 3_000_000 : 900) + 1);
    const offsets = random.offsets(lines);
    wasm.markWindows(lines, offsets, words, groups);
    javascript.markWindows(lines, offsets, otherWords, otherGroups);
    const bits = 64 * (1 + random.below(2048));
    differences += differ(words, otherWords) + differ(groups, otherGroups);
    differences += differ(wasm.foldMarks(words, bits), javascript.foldMarks(words, bits));
    differences += wasm.countMarks(groups) === javascript.countMarks(groups) ? 0 : 1;
  }
  expect(differences).toBe(0);
});

test("a request beyond the limit is refused, one after it works, and memory that has grown is let go", () => {
  expect(() => wasm.lz4Uncompress(new Uint8Array(8), 2 ** 31)).toThrow(RangeError);
  const raw = new Uint8Array(40_000_000);
  const view = wasm.snappyUncompress(wasm.snappyCompress(raw), 4, raw.length)!;
  expect(view.buffer.byteLength).toBeGreaterThan(raw.length);
  const small = wasm.snappyUncompress(wasm.snappyCompress(raw.subarray(0, 100)), 1, 100)!;
  expect(small.buffer.byteLength).toBeLessThan(2 ** 20);
  expect(lz4MaxBytes(raw.length)).toBeGreaterThan(wasm.lz4Compress(raw).length);
});

/** 1 where they are not the same: `toEqual` is slow over bytes. */
function differ(some: Uint8Array | Uint32Array | undefined, other: Uint8Array | Uint32Array | undefined): number {
  if (some === undefined || other === undefined) return some === other ? 0 : 1;
  return some.length === other.length && some.every((value, i) => value === other[i]) ? 0 : 1;
}
