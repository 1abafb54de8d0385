import { createObjectStore, type ObjectStore } from "@ratatosk/object-store";
import type { Config } from "../config.ts";
import { daySizes, tenantsOf } from "./list.ts";
import { listOldBucket, verifyOldBucket } from "./old-storage.ts";
import { streamSizes } from "./stream-sizes.ts";
import { VerifyReport } from "./verify-report.ts";
import { verifyTenant } from "./verify.ts";

export type StorageAction = "ls" | "stat" | "verify";

const out = (...columns: (string | number)[]): void => void process.stdout.write(`${columns.join("\t")}\n`);

/** `ratatosk storage ls | stat | verify`: what lies in the store, a line each. 1 where something is damaged. */
export async function runStorage(action: StorageAction, { storage }: Config): Promise<number> {
  const objects = createObjectStore(storage);
  const tenants = await tenantsOf(objects);
  switch (action) {
    case "ls":
      out("tenant", "day", "indexes", "segments", "streams", "entries", "raw bytes", "stored bytes");
      for (const tenant of tenants)
        for (const { tenant: _, ...size } of await daySizes(objects, tenant)) out(tenant, ...Object.values(size));
      for (const bucket of storage.loki_buckets) await listOldBucket(bucket, out);
      return 0;
    case "stat":
      out("tenant", "stream", "chunks", "entries", "raw bytes");
      for (const tenant of tenants)
        for (const size of await streamSizes(objects, tenant)) out(tenant, ...Object.values(size));
      return 0;
    case "verify":
      return verifyAll(objects, tenants, storage.loki_buckets);
  }
}

async function verifyAll(
  objects: ObjectStore,
  tenants: readonly string[],
  buckets: Config["storage"]["loki_buckets"],
): Promise<number> {
  const report = new VerifyReport(out);
  const { found, progress } = report;
  const told = { found, progress, signal: new AbortController().signal };
  for (const tenant of tenants) await verifyTenant(tenant, { objects, ...told });
  for (const bucket of buckets) await verifyOldBucket(bucket, told);
  out(report.summary());
  return report.isDamaged() ? 1 : 0;
}
