import { encodeBatch } from "@ratatosk/chunk";
import { LimitsConfig } from "@ratatosk/config";
import { decodePush, type BodyLimits, ByteBudget, PushedEntries } from "@ratatosk/http";
import { test } from "vitest";
import { BlockBuilder } from "./block-builder.ts";
import { Tenants } from "./tenant.ts";
import { validatePush } from "./validate-push.ts";

const nowMs = Date.UTC(2026, 10, 25, 12);
const values = Array.from({ length: 5000 }, (_, i) => [
  `${nowMs}${String(i).padStart(6, "0")}`,
  `level=info caller=flush.go:${i} component=ingester msg="request completed" user=${i % 30} duration=${i % 900}ms status=200`,
  i % 2 === 0 ? {} : { trace_id: `4bf92f${i}`, user: "ann" },
]);
const body = Buffer.from(JSON.stringify({ streams: [{ stream: { app: "cart" }, values }] }));
const limits: BodyLimits = { maxReceivedBytes: 1e8, maxDecompressedBytes: 1e9, budget: new ByteBudget(1e9) };

test("from a JSON body to an encoded batch", async ({ bench }) => {
  const configured = LimitsConfig.parse({});
  const tenant = new Tenants({ forTenant: () => configured }, []).get("fake", nowMs);
  const pushed = new PushedEntries();
  const builder = new BlockBuilder();
  await bench(`5000 lines, ${(body.length / 1e6).toFixed(2)} MB`, () => {
    decodePush({ form: "json", bytes: Buffer.from(body) }, limits, limits.budget.lease(), pushed);
    const { streams } = validatePush(pushed, builder, { tenant, nowMs, backfillShard: undefined });
    encodeBatch({ tenant: "fake", streams });
  }).run();
});
