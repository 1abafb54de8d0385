import { Registry } from "@ratatosk/observability";
import { expect, test } from "vitest";
import { MeasuredStore } from "./measured-store.ts";
import { MemoryStore } from "./memory-store.ts";
import { testObjectStore } from "./testing.ts";

testObjectStore("measured", async () => ({ store: new MeasuredStore(new MemoryStore(), "logs", new Registry()) }));

test("operations and failures are counted by what they are", async () => {
  const registry = new Registry();
  const store = new MeasuredStore(new MemoryStore(), "logs", registry);
  await store.put("a/b", Buffer.from("x"));
  await store.get("a/b", { offset: 0, length: 1 });
  await expect(store.get("missing")).rejects.toMatchObject({ code: "not_found" });
  for await (const { key } of store.list("")) expect(key).toBe("a/b");
  const metrics = await registry.metrics();
  const prefix = "loki_objstore_bucket_operation";
  for (const operation of ["upload", "get_range", "get", "iter"]) {
    expect(metrics).toContain(`${prefix}s_total{bucket="logs",operation="${operation}"} 1`);
    expect(metrics).toContain(`${prefix}_duration_seconds_count{bucket="logs",operation="${operation}"} 1`);
  }
  expect(metrics).toContain(`${prefix}_failures_total{bucket="logs",operation="get"} 1`);
  expect(metrics).not.toContain(`${prefix}_failures_total{bucket="logs",operation="iter"}`);
});
