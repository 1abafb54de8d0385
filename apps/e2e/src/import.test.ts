import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buckets, checkBucket, fixtures } from "./loki-fixtures.ts";
import { randomFrom } from "./random.ts";
import type { RatatoskProcess } from "./process.ts";
import { serverProcess } from "./server.ts";

const program = fileURLToPath(new URL("../../ratatosk/src/main.ts", import.meta.url));
const kills = 4;

describe.runIf(buckets.length > 0)("old buckets are imported, over kills, and answer from our own storage", () => {
  let folder: string;
  let server: RatatoskProcess;
  let report: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "e2e-import-"));
    const loki_buckets = buckets.map((name) => ({
      filesystem: { directory: join(fixtures, name, "bucket") },
      schema_config: join(fixtures, name, "schema.yaml"),
      tenants: { fake: name, "team-b": `${name}-b` },
      cache_directory: join(folder, "cache", name),
    }));
    const storage = { filesystem: { directory: join(folder, "data") } };
    writeFileSync(join(folder, "import.yaml"), JSON.stringify({ storage: { ...storage, loki_buckets } }));
    writeFileSync(join(folder, "server.yaml"), JSON.stringify({ auth_enabled: true, storage }));
    const args = [program, "import", `--config.file=${join(folder, "import.yaml")}`];
    const random = randomFrom(20);
    for (let i = 0; i < kills; i++) {
      const child = spawn(process.execPath, args, { stdio: "ignore" });
      await sleep(800 + random() * 1500);
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    report = (await promisify(execFile)(process.execPath, args)).stdout;
    server = await serverProcess({ folder, flags: [`--config.file=${join(folder, "server.yaml")}`] });
    await server.start();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  test("the counts at the end are those of all days, each entry once", () => {
    const lines = [...report.matchAll(/^ +lines +(\d+)$/gm)].map(([, count]) => Number(count));
    const duplicates = [...report.matchAll(/^ +duplicates (\d+)$/gm)].map(([, count]) => Number(count));
    const byName = Object.fromEntries(buckets.map((name, i) => [name, [lines[i], duplicates[i]]]));
    expect(byName).toEqual({
      "boltdb-v11-gzip": [3661, 0],
      "boltdb-v12-snappy": [3661, 0],
      "boltdb-v13-lz4-uncompacted": [3661, 1200],
      mixed: [7322 + 720, 0],
      "tsdb-v12-flate": [3661, 0],
      "tsdb-v13-snappy-uncompacted": [3661, 3310],
      "tsdb-v13-zstd": [3661, 0],
    });
  });

  test.each([...buckets.map((name) => [name, name]), ["mixed:team-b", "mixed-b"]])(
    "%s answers as Loki did",
    async (set, tenant) => {
      expect(await checkBucket(set, tenant, server.url)).toEqual([]);
    },
  );
});
