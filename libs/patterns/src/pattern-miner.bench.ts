import { test } from "vitest";
import { PatternMiner } from "./pattern-miner.ts";

const lines = Array.from(
  { length: 1000 },
  (_, i) => `2026-01-15T10:00:${i % 60}Z level=info msg="request ${i} served" path=/api/orders/${i} took=${i}ms`,
);

test("mine", async ({ bench }) => {
  await bench("a thousand lines of one pattern", () => {
    const miner = new PatternMiner();
    for (const line of lines) miner.add(line, 0);
  }).run();
});
