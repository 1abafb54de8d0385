import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{libs,apps}/*/src/**/*.test.ts", "tools/**/*.test.ts"],
    exclude: ["apps/e2e/**", "**/node_modules/**"],
    benchmark: { include: ["{libs,apps}/*/src/**/*.bench.ts"] },
    testTimeout: 20_000,
    pool: "threads",
  },
});
