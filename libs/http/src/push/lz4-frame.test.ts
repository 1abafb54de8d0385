import { lz4Compress } from "@ratatosk/kernels";
import { expect, test } from "vitest";
import { ByteBudget } from "./byte-budget.ts";
import { decodeLz4Frames } from "./lz4-frame.ts";
import { outcomeOf } from "./testing.ts";

const line = "a line of text, and another line of text\n".repeat(100);
const text = Buffer.from(line);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** A frame of the blocks; with flags for checksums (of which the content does not matter) where `sums`. */
function frame(blocks: { bytes: Uint8Array; stored?: boolean }[], sums = false): Buffer {
  const checksum = sums ? [Buffer.alloc(4)] : [];
  return Buffer.concat([
    u32(0x184d2204),
    Buffer.from([sums ? 0x7c : 0x60, 0x40, ...(sums ? Buffer.alloc(8) : []), 0]),
    ...blocks.flatMap(({ bytes, stored }) => [
      u32(bytes.length | (stored === true ? 0x80000000 : 0)),
      bytes,
      ...checksum,
    ]),
    u32(0),
    ...checksum,
  ]);
}

function unpack(bytes: Uint8Array, maxBytes = 1e6): string {
  return Buffer.from(decodeLz4Frames(bytes, maxBytes, new ByteBudget(1e7).lease())).toString();
}

test.for<[string, Buffer, string]>([
  ["one block", frame([{ bytes: lz4Compress(text) }]), line],
  [
    "a stored block and one compressed",
    frame([{ bytes: text, stored: true }, { bytes: lz4Compress(text) }]),
    line + line,
  ],
  ["checksums and a content size", frame([{ bytes: lz4Compress(text) }], true), line],
  [
    "two frames",
    Buffer.concat([frame([{ bytes: text, stored: true }]), frame([{ bytes: text, stored: true }])]),
    line + line,
  ],
  ["a frame to be skipped", Buffer.concat([u32(0x184d2a53), u32(3), Buffer.from("abc"), frame([])]), ""],
  [
    "a block that refers to the one before",
    frame([{ bytes: Buffer.from("abcdefgh"), stored: true }, { bytes: Buffer.from([0x04, 8, 0, 0x10, 33]) }]),
    "abcdefghabcdefgh!",
  ],
])("%s is unpacked", ([, bytes, expected]) => expect(unpack(bytes)).toBe(expected));

test.for<[string, Buffer]>([
  ["no frame", Buffer.from("hello world")],
  ["a frame cut short", frame([{ bytes: lz4Compress(text) }]).subarray(0, -9)],
  ["a copy from before the start", frame([{ bytes: Buffer.from([0x10, 97, 2, 0, 0x10, 98]) }])],
  ["a copy of distance 0", frame([{ bytes: Buffer.from([0x10, 97, 0, 0, 0x10, 98]) }])],
  ["literals beyond the block", frame([{ bytes: Buffer.from([0xf0, 255, 255, 9]) }])],
])("%s is refused", ([, bytes]) =>
  expect(() => unpack(bytes)).toThrow(expect.objectContaining({ code: "bad_request" })),
);

test("a bomb is refused before it is unpacked", () => {
  const bomb = frame([
    { bytes: Buffer.concat([Buffer.from([0x1f, 97, 1, 0]), Buffer.alloc(200_000, 255), Buffer.from([0])]) },
  ]);
  expect(() => unpack(bomb, 100_000)).toThrow(/^request body too large: decompressed message size too large than max/);
});

test("damage anywhere gives an error or bytes, never a crash", () => {
  const whole = frame([{ bytes: lz4Compress(text) }]);
  for (let at = 0; at < whole.length; at++)
    for (const byte of [0, 0x0f, 0xf0, 0xff]) {
      const damaged = Buffer.from(whole);
      damaged[at] = byte;
      expect(["ok", "bad_request", "too_large"]).toContain(outcomeOf(() => unpack(damaged)));
    }
});
