import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { randomFrom } from "./testing.ts";
import { zstdCompressed, zstdUncompress } from "./zstd.ts";

const random = randomFrom(1);
const text = (length: number): Uint8Array => Uint8Array.from({ length }, () => 97 + Math.floor(random() ** 3 * 20));
const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));

function uncompressed(packed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  zstdUncompress(packed, out);
  return out;
}

test("what is compressed comes back, and is what the one-shot functions of Node read and write", () => {
  for (const make of [text, noise])
    for (const length of [0, 1, 100, 65_536, 700_000]) {
      const raw = make(length);
      const packed = zstdCompressed(raw);
      expect(Buffer.from(zstdDecompressSync(packed)).equals(raw)).toBe(true);
      expect(Buffer.from(uncompressed(packed, length)).equals(raw)).toBe(true);
      expect(Buffer.from(uncompressed(zstdCompressSync(raw), length)).equals(raw)).toBe(true);
    }
});

test("every level gives back what it took, also more than a window of it", () => {
  const raw = text(1_300_000);
  for (const level of [1, 5, 6, 9, 12, 13, 19])
    expect(Buffer.from(uncompressed(zstdCompressed(raw, level), raw.length)).equals(raw)).toBe(true);
});

test("damage, a cut and a wrong size are refused, and harm nothing that follows", () => {
  const raw = text(50_000);
  const packed = zstdCompressed(raw);
  for (let i = 0; i < 200; i++) {
    const damaged = Uint8Array.from(packed);
    damaged[Math.floor(random() * packed.length)]! ^= 1 + Math.floor(random() * 255);
    try {
      uncompressed(damaged, raw.length);
    } catch {
      // Damage may also leave other content of the same size, which a checksum has to find.
    }
    expect(() => uncompressed(packed.subarray(0, Math.floor(random() * packed.length)), raw.length)).toThrow(Error);
    expect(() => uncompressed(packed, raw.length + 1)).toThrow("were expected");
    expect(() => uncompressed(packed, raw.length - 1)).toThrow(Error);
    expect(Buffer.from(uncompressed(packed, raw.length)).equals(raw)).toBe(true);
  }
});
