import { zstdCompressSync } from "node:zlib";
import { joinLines, randomFrom } from "@ratatosk/chunk/testing";
import { test } from "vitest";
import { sealNow } from "./seal-block.ts";

const random = randomFrom(1);
const id = (): string => Math.floor(random() * 2 ** 32).toString(16);
const lines = Array.from({ length: 4000 }, (_, row) =>
  Buffer.from(
    `level=info caller=flush.go:${row % 900} msg="order persisted" trace_id=${id()}${id()} duration=${row % 97}ms`,
  ),
);
const block = {
  count: lines.length,
  base: 1_768_478_400_000_000_000n,
  deltas: Float64Array.from(lines, (_, row) => row * 4e6 + Math.floor(random() * 1e6)),
  ...joinLines(lines),
  metadata: [],
};

test(`a block of ${(block.lines.length / 1e6).toFixed(2)} MB sealed`, async ({ bench }) => {
  await bench.compare(
    bench("level 1, with skip index", () => void sealNow(block, 1)),
    bench("level 12, with skip index", () => void sealNow(block, 12)),
    bench("the plain way: its lines by zstd alone", () => void zstdCompressSync(block.lines)),
  );
});
