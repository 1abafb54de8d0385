import { describe, test } from "vitest";
import { buildSkip } from "./build-skip.ts";
import { SkipNeedle } from "./skip-needle.ts";

const lines = Buffer.from(
  Array.from({ length: 6000 }, (_, i) => {
    const id = Math.imul(i + 1, 0x9e3779b1) >>> 0;
    return `level=info ts=2026-11-20T10:00:00Z caller=flush.go:${i % 900} msg="order persisted" trace_id=${id.toString(16)}${(id * 7919).toString(16)} duration=${id % 900}ms status=200\n`;
  }).join(""),
);
const offsets = Uint32Array.from([0, ...lines.entries().flatMap(([at, byte]) => (byte === 0x0a ? [at + 1] : []))]);
const skip = buildSkip(lines, offsets);
const needle = Buffer.from("trace_id=0af7651916cd43dd");
const prepared = new SkipNeedle(needle);

describe(`a block of ${lines.length} bytes, an index of ${skip.length}`, () => {
  test("build", async ({ bench }) => {
    await bench("buildSkip", () => void buildSkip(lines, offsets)).run();
  });

  test("ask", async ({ bench }) => {
    await bench.compare(
      bench("the index", () => void prepared.mayBeIn(skip)),
      bench("the lines", () => void lines.includes(needle)),
    );
  });
});
