import { describe, test } from "vitest";
import { javascript } from "./javascript.ts";
import { kernels } from "./kernels.ts";
import { Needle } from "./needle.ts";

const rows = 5000;
const lines = Buffer.from(
  Array.from({ length: rows }, (_, i) => {
    const id = Math.imul(i + 1, 0x9e3779b1) >>> 0;
    return `10.0.${id % 256}.${i % 256} - - "GET /api/v1/orders/${id} HTTP/1.1" 200 ${id % 9000} "-" "Mozilla/5.0 (X11)" ${id % 7}.${i}\n`;
  }).join(""),
);
const offsets = Uint32Array.from([0, ...lines.entries().flatMap(([at, byte]) => (byte === 0x0a ? [at + 1] : []))]);
const out = new Uint32Array(rows);
const rare = new Needle(Buffer.from("orders/4242424242"));
const anyCase = new Needle(Buffer.from("ORDERS/4242424242"), { ignoreCase: true });
const snappy = kernels.snappyCompress(lines);
const bodyAt = snappy.findIndex((byte) => byte < 0x80) + 1;
const lz4 = kernels.lz4Compress(lines);
const words = new Uint8Array(2 ** 17);
const groups = new Uint8Array(2 ** 18);

describe.each([
  ["search", (k: typeof kernels) => k.searchRows(lines, offsets, rare, out)],
  ["search in any case", (k: typeof kernels) => k.searchRows(lines, offsets, anyCase, out)],
  ["newlines", (k: typeof kernels) => k.newlines(lines, out)],
  ["snappy compress", (k: typeof kernels) => k.snappyCompress(lines)],
  ["snappy uncompress", (k: typeof kernels) => k.snappyUncompress(snappy, bodyAt, lines.length)],
  ["lz4 compress", (k: typeof kernels) => k.lz4Compress(lines)],
  ["lz4 uncompress", (k: typeof kernels) => k.lz4Uncompress(lz4, lines.length)],
  ["mark windows", (k: typeof kernels) => k.markWindows(lines, offsets, words, groups)],
] as const)(`${lines.length} bytes: %s`, (_name, run) => {
  test("both twins", async ({ bench }) => {
    await bench.compare(
      bench("wasm", () => void run(kernels)),
      bench("javascript", () => void run(javascript)),
    );
  });
});
