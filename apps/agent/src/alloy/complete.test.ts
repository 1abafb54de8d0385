import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatAlloy } from "@ratatosk/alloy-syntax";
import { createLogger } from "@ratatosk/observability";
import { afterAll, expect, test } from "vitest";
import { AlloyAgent } from "./alloy-agent.ts";

const directory = mkdtempSync(join(tmpdir(), "alloy-complete-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Whole configurations as people write them: their servers, certificates and files are not on this machine. */
test.each(["files", "docker", "swarm", "syslog"])(
  "%s.alloy runs as it stands",
  async (name) => {
    const path = new URL(`../../testdata/alloy/${name}.alloy`, import.meta.url).pathname;
    const text = readFileSync(path, "utf8");
    const agent = new AlloyAgent({
      log: createLogger("silent"),
      storagePath: join(directory, name),
      isExperimental: false,
      path,
      read: () => [{ name: path, text }],
    });
    agent.load();
    agent.check();
    await agent.start();
    expect(agent.isLoaded).toBe(true);
    await agent.reload();
    const healthy = agent.module.nodes.filter(({ health }) => health.length === 0).map(({ id }) => id);
    expect(healthy).toContain("loki.write.main");
    await agent.stop();
    expect(formatAlloy(text, path)).toBe(text);
  },
  30_000,
);
