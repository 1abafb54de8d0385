import type { LimitsSource } from "@ratatosk/config";
import { createDistributor } from "@ratatosk/distributor";
import type { Route } from "@ratatosk/http";
import { createObjectStore } from "@ratatosk/object-store";
import { Gauge, type Logger, type Registry, type RequestMetrics } from "@ratatosk/observability";
import { createQuerier } from "@ratatosk/querier";
import { type Ingesters, Membership, RecentSource } from "@ratatosk/ring";
import { IngesterClient } from "@ratatosk/rpc";
import type { Service } from "@ratatosk/service";
import { createStore } from "@ratatosk/store";
import type { Config } from "./config.ts";
import type { Role } from "./roles.ts";

export interface ProcessModules {
  readonly config: Config;
  readonly log: Logger;
  readonly registry: Registry;
  readonly limits: LimitsSource;
  readonly metrics: RequestMetrics;
}

/** What a role brings into its process. */
export interface Parts {
  readonly services: readonly Service[];
  readonly routes: readonly Route[];
}

/** Puts the parts of a role together; `all` is every role around one ingester, without a wire between them. */
export function compose(role: Role, modules: ProcessModules): Parts {
  switch (role) {
    case "all":
      return allInOne(modules);
    case "distributor":
      return around(membership(modules), (ring) => distributor(modules, ring));
    case "querier":
      return around(membership(modules), (ring) => querier(modules, ring));
    case "ingester":
    case "compactor":
    case "ruler":
      throw new Error(`${role} is not there yet`);
  }
}

function allInOne(modules: ProcessModules): Parts {
  const ring = membership(modules);
  return join({ services: [ring], routes: [] }, distributor(modules, ring), querier(modules, ring));
}

function around(ring: Membership, role: (ring: Membership) => Parts): Parts {
  return join({ services: [ring], routes: [] }, role(ring));
}

function join(...parts: readonly Parts[]): Parts {
  return { services: parts.flatMap(({ services }) => services), routes: parts.flatMap(({ routes }) => routes) };
}

function distributor({ config, log, registry, limits }: ProcessModules, ingesters: Ingesters): Parts {
  return createDistributor({ config: config.distributor, log, registry, limits, ingesters });
}

function querier({ config, log, registry, limits }: ProcessModules, ingesters: Ingesters): Parts {
  const { cache_directory: cacheDirectory } = config.store;
  const isCached = config.storage.s3 !== undefined && cacheDirectory !== "";
  const store = createStore({
    config: config.store,
    objects: createObjectStore(config.storage),
    log,
    registry,
    ...(isCached && { cacheDirectory }),
  });
  const recent = new RecentSource(ingesters);
  return createQuerier({ config: config.querier, log, registry, limits, recent, store });
}

function membership({ config, log, registry }: ProcessModules): Membership {
  const ring = new Membership({
    config: config.ring,
    connect: (address) => new IngesterClient(address),
    onChange: (event) =>
      event.serving ? log.info(event, "ingester serves") : log.warn(event, "ingester does not serve"),
  });
  new Gauge({
    name: "loki_ring_members",
    help: "Members of the ring by state.",
    labelNames: ["name", "state"],
    registers: [registry],
    collect() {
      this.set({ name: "ingester", state: "ACTIVE" }, ring.members().length);
      this.set({ name: "ingester", state: "UNHEALTHY" }, ring.missing().length);
    },
  });
  return ring;
}
