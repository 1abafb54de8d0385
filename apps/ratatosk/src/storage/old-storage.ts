import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bucketName, type LokiBucketConfig, openOldBucket } from "@ratatosk/loki-bucket";
import { oldTableSizes } from "./old-tables.ts";
import { type OldVerifyOptions, verifyOldTenant } from "./old-verify.ts";

/** Prints what lies in an old bucket: a line a tenant and table of the index, a number that is not known as `-`. */
export async function listOldBucket(
  config: LokiBucketConfig,
  out: (...columns: (string | number)[]) => void,
): Promise<void> {
  out("");
  out(`old bucket ${bucketName(config)}`);
  out("tenant", "day", "schema", "indexes", "streams", "chunks", "entries", "raw bytes", "objects", "stored bytes");
  const bucket = openOldBucket(config);
  for (const tenant of await bucket.tenants())
    for (const size of await oldTableSizes(bucket, tenant))
      out(...Object.values(size).map((value: string | number | undefined) => value ?? "-"));
}

/** Verifies all tenants of an old bucket. Copies kept from earlier answers are not looked at. */
export async function verifyOldBucket(
  config: LokiBucketConfig,
  options: Omit<OldVerifyOptions, "bucket">,
): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), "ratatosk-verify-"));
  try {
    const bucket = openOldBucket({ ...config, cache_directory: cache, chunk_cache_size: 0 });
    for (const tenant of await bucket.tenants()) await verifyOldTenant(tenant, { ...options, bucket });
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
}
