import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { FilesystemStore, type ObjectStore, S3Store } from "@ratatosk/object-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buckets, fixtures } from "./loki-fixtures.ts";
import { Minio } from "./minio.ts";
import type { RatatoskProcess } from "./process.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";

const minioProgram = realPart("minio");
const day = "2026-01-15";
const dayBefore = "2026-01-14";

interface Damage {
  readonly fixture: string;
  /** Which objects the copy lacks. */
  readonly without: (key: string) => boolean;
  /** An object that the copy has besides. */
  readonly added?: string;
  /** What the answers of a day say, or nothing. */
  readonly warnings: Readonly<Record<string, RegExp | undefined>>;
}

/** By tenant. */
const damages: Readonly<Record<string, Damage>> = {
  "table-removed": {
    fixture: "mixed",
    without: (key) => key.startsWith("index/index_20467/"),
    warnings: { [dayBefore]: /^the lines of \d+ chunks of 2026-01-14 .* no index names them$/, [day]: undefined },
  },
  "tenant-removed": {
    fixture: "mixed",
    without: (key) => key.startsWith("index/index_20468/fake/"),
    warnings: { [dayBefore]: undefined, [day]: /^the lines of \d+ chunks of 2026-01-15 / },
  },
  "old-names": {
    fixture: "boltdb-v11-gzip",
    without: (key) => key.startsWith("index/"),
    warnings: { [day]: /^the lines of 58 chunks of 2026-01-15 / },
  },
  "chunk-added": {
    fixture: "tsdb-v13-zstd",
    without: () => false,
    added: "fake/1066ee20d0628acc/19bc1190100:19bc1226359:1",
    warnings: { [day]: /^the lines of a chunk of 2026-01-15 .* no index names it$/ },
  },
  whole: { fixture: "boltdb-v11-gzip", without: () => false, warnings: { [day]: undefined } },
};

describe.runIf(buckets.length > 0).each(["directory", "MinIO"])("old buckets that lost objects, in a %s", (where) => {
  let folder: string;
  let minio: Minio | undefined;
  let server: RatatoskProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "e2e-loki-gaps-"));
    if (where === "MinIO" && minioProgram !== undefined) minio = await Minio.start(minioProgram, join(folder, "minio"));
    const loki_buckets = [];
    for (const [tenant, damage] of Object.entries(damages))
      loki_buckets.push({
        ...(await copy(tenant, damage)),
        schema_config: join(fixtures, damage.fixture, "schema.yaml"),
        tenants: { fake: tenant },
        cache_directory: join(folder, "cache", tenant),
      });
    writeFileSync(join(folder, "server.yaml"), JSON.stringify({ auth_enabled: true, storage: { loki_buckets } }));
    server = await serverProcess({ folder, flags: [`--config.file=${join(folder, "server.yaml")}`] });
    await server.start();
  });
  afterAll(async () => {
    await server?.stop();
    await minio?.stop();
    rmSync(folder, { recursive: true });
  });

  /** Copies a fixture: into MinIO as it is, into a directory under the names of Loki's filesystem store. */
  async function copy(tenant: string, { fixture, without, added }: Damage): Promise<Record<string, unknown>> {
    const from = join(fixtures, fixture, "bucket");
    const directory = join(folder, "buckets", tenant);
    const s3 = minio?.settings(tenant);
    const store: ObjectStore = s3 ? new S3Store(s3) : new FilesystemStore(directory);
    const named = s3 ? (key: string): string => key : fileName;
    for (const key of readdirSync(from, { recursive: true }) as string[])
      if (statSync(join(from, key)).isFile() && !without(key))
        await store.put(named(key), readFileSync(join(from, key)));
    if (added !== undefined) await store.put(named(added), new Uint8Array(10));
    return s3 ? { s3 } : { filesystem: { directory } };
  }

  async function warningsOf(tenant: string, date: string): Promise<string> {
    const start = Date.parse(date) / 1000;
    const parameters = new URLSearchParams({ query: '{app=~".+"}', start: `${start}`, end: `${start + 86_400}` });
    const answer = await fetch(`${server.url}/loki/api/v1/query_range?${parameters}`, {
      headers: { "X-Scope-OrgID": tenant },
    });
    return ((await answer.json()) as { warnings?: string[] }).warnings?.join("\n") ?? "";
  }

  test.skipIf(where === "MinIO" && minioProgram === undefined).each(Object.entries(damages))(
    "%s: answers say what they lack",
    async (tenant, { warnings }) => {
      const days = Object.keys(warnings);
      const told = async (): Promise<string[]> => Promise.all(days.map((one) => warningsOf(tenant, one)));
      const expected = days.map((one) => expect.stringMatching(warnings[one] ?? /^$/));
      await expect.poll(told, { timeout: 30_000 }).toEqual(expected);
    },
  );
});

/** How Loki's filesystem store names an object. */
function fileName(key: string): string {
  if (key.startsWith("index/") || !key.includes(":")) return key;
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return key.split("/").length === 2 ? base64(key) : join(dirname(key), base64(basename(key)));
}
