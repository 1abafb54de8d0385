import { AccessConfig, TlsClientConfig } from "@ratatosk/access";
import { CompactorConfig } from "@ratatosk/compactor";
import { LimitsConfig, RuntimeConfig } from "@ratatosk/config";
import { DistributorConfig } from "@ratatosk/distributor";
import { IngesterConfig } from "@ratatosk/ingester";
import { LokiBucketConfig } from "@ratatosk/loki-bucket";
import { StorageConfig } from "@ratatosk/object-store";
import { QuerierConfig } from "@ratatosk/querier";
import { RingConfig } from "@ratatosk/ring";
import { RulerConfig } from "@ratatosk/ruler";
import { StoreConfig } from "@ratatosk/store";
import { z } from "zod";
import { ClusterConfig } from "./cluster/config.ts";
import { ServerConfig } from "./server-config.ts";
import { TracingConfig } from "./tracing-config.ts";

const StoreWithCache = StoreConfig.extend({
  cache_directory: z
    .string()
    .prefault("./data/cache")
    .describe("Where copies of index files are kept when they lie in S3; empty to keep none."),
});

const StorageWithOldBuckets = StorageConfig.extend({
  loki_buckets: z
    .array(LokiBucketConfig)
    .prefault([])
    .describe("Buckets of an old Loki, read in place: their lines are part of every answer."),
});

const ServiceClientConfig = z.strictObject({
  grpc_client_config: TlsClientConfig.prefault({}).describe("TLS of calls."),
});

/** The configuration of a server: every role's schema under the name that Loki gives it. */
export const Config = z.strictObject({
  auth_enabled: z.boolean().prefault(false).describe("Requests name their tenant in X-Scope-OrgID."),
  auth: AccessConfig.prefault({}).describe("Who may ask what. Without users and tokens everybody may do everything."),
  server: ServerConfig.prefault({}).describe("Listeners."),
  storage: StorageWithOldBuckets.prefault({}).describe("Where segments and index files lie."),
  cluster: ClusterConfig.prefault({}).describe("All processes of the system, where its roles are apart."),
  ring: RingConfig.prefault({}).describe("The ingesters, where they are processes of their own."),
  ingester_client: ServiceClientConfig.prefault({}).describe("Calls to other services."),
  distributor: DistributorConfig.prefault({}).describe("Receiving pushes."),
  ingester: IngesterConfig.prefault({}).describe("Keeping what is new."),
  querier: QuerierConfig.prefault({}).describe("Answering queries."),
  store: StoreWithCache.prefault({}).describe("Reading what is stored."),
  schema_config: z
    .looseObject({ configs: z.array(z.looseObject({})).prefault([]).describe("Periods of Loki's storage.") })
    .prefault({})
    .describe("Kept for Loki's configurations: what is stored here needs no schema."),
  compactor: CompactorConfig.prefault({}).describe("Merging, retention, deletes."),
  ruler: RulerConfig.prefault({}).describe("Evaluating rules."),
  limits_config: LimitsConfig.prefault({}).describe("Limits of a tenant."),
  tracing: TracingConfig.prefault({}).describe(
    "Spans of pushes, queries, shipping and rules, for Tempo, Jaeger and others.",
  ),
  runtime_config: RuntimeConfig.prefault({}).describe("Limits of single tenants."),
});
export type Config = z.infer<typeof Config>;
