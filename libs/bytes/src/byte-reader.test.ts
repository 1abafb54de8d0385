import { describe, expect, test } from "vitest";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

const fail = (why: string): Error => new Error(why);

describe("what was written is read back", () => {
  test.each([0, 1, 127, 128, 300, 16383, 16384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 48 + 5, Number.MAX_SAFE_INTEGER])(
    "varint %d",
    (value) => {
      const out = new ByteWriter(1);
      out.varint(value);
      const reader = new ByteReader(out.written(), fail);
      expect(reader.varint()).toBe(value);
      reader.end();
    },
  );

  test.each(["", "a", "é".repeat(63), "x".repeat(127), "x".repeat(128), "日本".repeat(9000), "\ufeffbom"])(
    "text %#",
    (value) => {
      const out = new ByteWriter(1);
      out.text(value);
      out.i64(-5n);
      out.u32(0xfffffffe);
      const reader = new ByteReader(out.written(), fail);
      expect(reader.text()).toBe(value);
      expect(reader.i64()).toBe(-5n);
      expect(reader.u32()).toBe(0xfffffffe);
      reader.end();
    },
  );
});

describe("bytes that make no sense are refused", () => {
  test.each<[string, number[], (reader: ByteReader) => unknown]>([
    ["a number cut off", [0x80], (reader) => reader.varint()],
    ["a number beyond 2^53", Array<number>(12).fill(0xff), (reader) => reader.varint()],
    ["text longer than the rest", [5, 97], (reader) => reader.text()],
    ["more items than bytes", [9, 1, 2], (reader) => reader.count()],
    ["half a u32", [1, 2, 3], (reader) => reader.u32()],
    ["bytes left over", [1], (reader) => reader.end()],
  ])("%s", (_, bytes, read) => {
    expect(() => read(new ByteReader(Uint8Array.from(bytes), fail))).toThrow(/cut off|too large|do not fit|too many/);
  });
});

test("a number below 0 is refused rather than written as another", () => {
  expect(() => new ByteWriter().varint(-1)).toThrow(RangeError);
});
