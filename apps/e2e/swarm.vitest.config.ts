import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["apps/e2e/src/swarm/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 400_000,
    globalSetup: "apps/e2e/src/swarm/machine.ts",
    fileParallelism: false,
    bail: 1,
    pool: "threads",
  },
});
