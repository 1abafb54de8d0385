import type { LimitsSource } from "@ratatosk/config";
import type { Route } from "@ratatosk/http";
import type { Logger, Registry } from "@ratatosk/observability";
import type { Ingesters } from "@ratatosk/ring";
import type { Service } from "@ratatosk/service";
import type { DistributorConfig } from "./config.ts";
import { DistributorEvents } from "./events.ts";
import { PushHandler } from "./push-handler.ts";
import { Replicator } from "./replicator.ts";
import { pushRoutes } from "./routes.ts";
import { Senders } from "./senders.ts";
import { Tenants } from "./tenant.ts";

export interface DistributorModules {
  readonly config: DistributorConfig;
  readonly log: Logger;
  readonly registry: Registry;
  readonly limits: LimitsSource;
  readonly ingesters: Ingesters;
  /** Distributors alive, among which a tenant's rate is divided; 1 unless told otherwise. */
  readonly distributors?: () => number;
  /** The clock; the system's unless told otherwise. */
  readonly nowMs?: () => number;
}

/** Takes pushes, checks them, and answers once a quorum of ingesters has them. */
export function createDistributor(modules: DistributorModules): { routes: Route[]; services: Service[] } {
  const { config, log, registry, limits, ingesters, distributors = () => 1, nowMs = Date.now } = modules;
  const events = new DistributorEvents(log, registry);
  events.watch(registry, {
    replicationFactor: () => ingesters.replicationFactor,
    ingesters: () => ingesters.members().length,
  });
  const replicator = new Replicator({
    ingesters,
    events,
    timeoutMs: config.push_timeout,
    maxBytesPerIngester: config.max_inflight_bytes_per_ingester,
  });
  const tenants = new Tenants(limits, config.otlp_config.default_resource_attributes_as_index_labels);
  const senders = new Senders(registry);
  const handler = new PushHandler({ config, tenants, replicator, events, senders, distributors, nowMs });
  return { routes: pushRoutes(handler), services: [] };
}
