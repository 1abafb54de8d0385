import { LimitsConfig, RuntimeConfig } from "@ratatosk/config";
import { StorageConfig } from "@ratatosk/object-store";
import { RingConfig } from "@ratatosk/ring";
import { z } from "zod";
import { ServerConfig } from "./server-config.ts";

const QuerierConfig = z.strictObject({
  multi_tenant_queries_enabled: z.boolean().prefault(false).describe("Reads may name several tenants: `a|b`."),
});

/** The configuration of a server: every role's schema under the name that Loki gives it. */
export const Config = z.strictObject({
  auth_enabled: z.boolean().prefault(false).describe("Requests name their tenant in X-Scope-OrgID."),
  server: ServerConfig.prefault({}).describe("Listeners."),
  storage: StorageConfig.prefault({}).describe("Where segments and index files lie."),
  ring: RingConfig.prefault({}).describe("The ingesters, where they are processes of their own."),
  querier: QuerierConfig.prefault({}).describe("Queries."),
  limits_config: LimitsConfig.prefault({}).describe("Limits of a tenant."),
  runtime_config: RuntimeConfig.prefault({}).describe("Limits of single tenants."),
});
export type Config = z.infer<typeof Config>;
