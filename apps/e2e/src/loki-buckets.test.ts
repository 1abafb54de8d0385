import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Store } from "@ratatosk/object-store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buckets, checkBucket, fixtures } from "./loki-fixtures.ts";
import { Minio } from "./minio.ts";
import type { RatatoskProcess } from "./process.ts";
import { realPart } from "./real-parts.ts";
import { serverProcess } from "./server.ts";

const minioProgram = realPart("minio");

interface OldBucket {
  readonly name: string;
  readonly place: Record<string, unknown>;
}

describe.runIf(buckets.length > 0).each(["directory", "MinIO"])("buckets that Loki wrote, in a %s", (where) => {
  let folder: string;
  let minio: Minio | undefined;
  let server: RatatoskProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "e2e-loki-buckets-"));
    if (where === "MinIO" && minioProgram !== undefined) minio = await Minio.start(minioProgram, join(folder, "minio"));
    const old: OldBucket[] = [];
    for (const name of buckets) old.push({ name, place: await placeOf(name) });
    writeFileSync(join(folder, "server.yaml"), JSON.stringify(configuration(old)));
    server = await serverProcess({ folder, flags: [`--config.file=${join(folder, "server.yaml")}`] });
    await server.start();
  });
  afterAll(async () => {
    await server?.stop();
    await minio?.stop();
    rmSync(folder, { recursive: true });
  });

  /** Where the objects of a bucket lie; with MinIO they are first copied there. */
  async function placeOf(name: string): Promise<Record<string, unknown>> {
    const directory = join(fixtures, name, "bucket");
    if (minio === undefined) return { filesystem: { directory } };
    const s3 = minio.settings(`old-${name}`);
    const store = new S3Store(s3);
    for (const file of readdirSync(directory, { recursive: true }) as string[])
      if (statSync(join(directory, file)).isFile()) await store.put(file, readFileSync(join(directory, file)));
    return { s3 };
  }

  /** Each old bucket under a tenant of its own. */
  function configuration(old: readonly OldBucket[]): unknown {
    const loki_buckets = old.map(({ name, place }) => ({
      ...place,
      schema_config: join(fixtures, name, "schema.yaml"),
      tenants: { fake: name, "team-b": `${name}-b` },
      cache_directory: join(folder, "cache", name),
    }));
    return { auth_enabled: true, storage: { loki_buckets } };
  }

  test
    .skipIf(where === "MinIO" && minioProgram === undefined)
    .each([...buckets.map((name) => [name, name]), ["mixed:team-b", "mixed-b"]])(
    "%s answers as Loki did",
    async (set, tenant) => {
      expect(await checkBucket(set, tenant, server.url)).toEqual([]);
    },
  );
});
