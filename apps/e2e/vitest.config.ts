import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["apps/e2e/src/**/*.test.ts"],
    exclude: ["apps/e2e/src/swarm/**"],
    testTimeout: 240_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
    pool: "threads",
  },
});
