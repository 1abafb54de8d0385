import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

const story = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [main, ...args, "--story"])).stdout;

test("a world keeps its promises, and goes the same way again", { timeout: 120_000 }, async () => {
  const [first, again, other] = await Promise.all([
    story("--first", "7", "--seeds", "1"),
    story("--first", "7", "--seeds", "1"),
    story("--first", "8", "--seeds", "1"),
  ]);
  expect(first).toContain("1 passed, 0 failed");
  expect(first).toMatch(/lines acknowledged, [1-9]\d* answers checked/);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});
