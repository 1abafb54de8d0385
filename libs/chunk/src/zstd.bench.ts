import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { describe, test } from "vitest";
import { randomFrom } from "./testing.ts";
import { zstdCompressed, zstdUncompress } from "./zstd.ts";

const random = randomFrom(1);
const words = Array.from({ length: 400 }, () => Math.floor(random() * 1e9).toString(36));
const params = { [constants.ZSTD_c_compressionLevel]: 1 };

describe.each([8, 512])("%i KiB", (kib) => {
  const text = Array.from({ length: kib * 256 }, () => words[Math.floor(random() * words.length)]).join(" ");
  const raw = Buffer.from(text.slice(0, kib * 1024));
  const packed = zstdCompressed(raw);
  const out = new Uint8Array(raw.length);
  const options = { maxOutputLength: raw.length, chunkSize: raw.length };
  test("used again and one-shot", async ({ bench }) => {
    await bench("compressed", () => void zstdCompressed(raw)).run();
    await bench("compressed, one-shot", () => void zstdCompressSync(raw, { params })).run();
    await bench("uncompressed", () => zstdUncompress(packed, out)).run();
    await bench("uncompressed, one-shot", () => void zstdDecompressSync(packed, options)).run();
  });
});
