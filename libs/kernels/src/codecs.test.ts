import { expect, test } from "vitest";
import { CorruptInput, OutputTooLarge } from "./errors.ts";
import { lz4Compress, lz4Uncompress } from "./lz4.ts";
import { snappyCompress, snappyUncompress, snappyUncompressedLength } from "./snappy.ts";

const text = (string: string): Uint8Array => new TextEncoder().encode(string);
const hex = (string: string): Uint8Array => Uint8Array.from(Buffer.from(string.replaceAll(" ", ""), "hex"));

/** Written by hand from the descriptions of the formats. */
const snappyVectors: [string, string, string][] = [
  ["nothing", "00", ""],
  ["a literal", "03 08 616263", "abc"],
  ["a literal whose length is in a byte", `3d f0 3c ${"61".repeat(61)}`, "a".repeat(61)],
  ["a literal whose length is in two bytes", `ac02 f4 2b01 ${"62".repeat(300)}`, "b".repeat(300)],
  ["a copy with a byte of offset", "09 08 616263 09 03", "abcabcabc"],
  ["a copy that overlaps itself", "07 00 61 09 01", "a".repeat(7)],
  ["a copy with two bytes of offset", "0d 08 616263 26 0300", "abcabcabcabca"],
  ["a copy with four bytes of offset", "0d 08 616263 27 03000000", "abcabcabcabca"],
];

test.each(snappyVectors)("snappy reads %s", (_name, block, raw) => {
  expect(snappyUncompress(hex(block), 1000)).toEqual(text(raw));
  expect(snappyUncompressedLength(hex(block))).toBe(raw.length);
});

const corruptSnappy: [string, string][] = [
  ["no bytes at all", ""],
  ["an unfinished size", "80"],
  ["a size of more than 32 bits", "ffffffff7f"],
  ["a size that so few bytes cannot give", "ffffffff0f 08 616263"],
  ["a literal cut off", "03 08 6162"],
  ["a literal's length cut off", "05 f4 01"],
  ["more than announced", "02 08 616263"],
  ["less than announced", "04 08 616263"],
  ["an offset of 0", "07 08 616263 01 00"],
  ["an offset before the start", "07 08 616263 01 04"],
  ["a copy cut off", "07 08 616263 01"],
];

test.each(corruptSnappy)("snappy refuses %s", (_name, block) => {
  expect(() => snappyUncompress(hex(block), 1e9)).toThrow(new CorruptInput("snappy"));
});

test("snappy says how large a block is that is too large", () => {
  const block = snappyCompress(text("a".repeat(2000)));
  expect(() => snappyUncompress(block, 1999)).toThrow(new OutputTooLarge(2000, 1999));
});

const lz4Vectors: [string, string, string][] = [
  ["nothing", "00", ""],
  ["literals", "30 616263", "abc"],
  ["many literals", `f0 0f ${"61".repeat(30)}`, "a".repeat(30)],
  ["very many literals", `f0 ff0f ${"62".repeat(285)}`, "b".repeat(285)],
  ["a match", "32 616263 0300 10 64", "abcabcabcd"],
  ["a match that overlaps itself", "1f 61 0100 00 10 62", `${"a".repeat(20)}b`],
];

test.each(lz4Vectors)("lz4 reads %s", (_name, block, raw) => {
  expect(lz4Uncompress(hex(block), raw.length)).toEqual(text(raw));
});

const corruptLz4: [string, string, number][] = [
  ["no bytes at all", "", 0],
  ["literals cut off", "30 6162", 3],
  ["a length cut off", "f0 ff", 300],
  ["more than expected", "30 616263", 2],
  ["less than expected", "30 616263", 4],
  ["an offset of 0", "32 616263 0000 10 64", 10],
  ["an offset before the start", "32 616263 0400 10 64", 10],
  ["an offset cut off", "32 616263 03", 10],
  ["an end without literals", "32 616263 0300", 9],
];

test.each(corruptLz4)("lz4 refuses %s", (_name, block, rawBytes) => {
  expect(() => lz4Uncompress(hex(block), rawBytes)).toThrow(new CorruptInput("lz4"));
});

const samples = ["", "a", "abcdefghijklmnop", "ab".repeat(5000), "line of a log\n".repeat(9000), "é€😀".repeat(99)];

test.each(samples.map((sample) => [text(sample)]))("what is compressed comes back", (raw) => {
  expect(snappyUncompress(snappyCompress(raw), raw.length).slice()).toEqual(raw);
  expect(lz4Uncompress(lz4Compress(raw), raw.length)).toEqual(raw);
});
