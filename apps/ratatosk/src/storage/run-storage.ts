import { createObjectStore } from "@ratatosk/object-store";
import type { Config } from "../config.ts";
import { daySizes, tenantsOf } from "./list.ts";
import { streamSizes } from "./stream-sizes.ts";
import { type Finding, verifyTenant } from "./verify.ts";

export type StorageAction = "ls" | "stat" | "verify";

const progressMs = 2000;
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
      return 0;
    case "stat":
      out("tenant", "stream", "chunks", "entries", "raw bytes");
      for (const tenant of tenants)
        for (const size of await streamSizes(objects, tenant)) out(tenant, ...Object.values(size));
      return 0;
    case "verify":
      return verifyAll(objects, tenants);
  }
}

async function verifyAll(objects: ReturnType<typeof createObjectStore>, tenants: readonly string[]): Promise<number> {
  const counts = { damaged: 0, missing: 0, disagrees: 0, orphan: 0 };
  let [read, toldMs] = [0, Date.now()];
  const found = ({ kind, key, what }: Finding): void => {
    counts[kind]++;
    out(kind, key, what);
  };
  const progress = (key: string): void => {
    read++;
    if (Date.now() - toldMs < progressMs) return;
    toldMs = Date.now();
    process.stderr.write(`${read} objects read, now ${key}\n`);
  };
  const { signal } = new AbortController();
  for (const tenant of tenants) await verifyTenant(tenant, { objects, found, progress, signal });
  out(
    `${read} objects read: ${Object.entries(counts)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(", ")}`,
  );
  return counts.damaged + counts.missing + counts.disagrees > 0 ? 1 : 0;
}
