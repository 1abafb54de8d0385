import { hostname } from "node:os";
import { createCompactor } from "@ratatosk/compactor";
import type { ServerTls } from "@ratatosk/access";
import type { LimitsSource } from "@ratatosk/config";
import { DeleteRequests, DeletesSource, pendingOf } from "@ratatosk/deletes";
import { createDistributor } from "@ratatosk/distributor";
import type { Route } from "@ratatosk/http";
import { createIngester, type IngesterParts } from "@ratatosk/ingester";
import { openLokiBucket } from "@ratatosk/loki-bucket";
import type { ChunkSource } from "@ratatosk/model";
import { createObjectStore, MeasuredStore, type ObjectStore } from "@ratatosk/object-store";
import type { Logger, Registry, RequestMetrics } from "@ratatosk/observability";
import { createQuerier, type Querier } from "@ratatosk/querier";
import { type Ingesters, localIngesters, type Membership, type Peers, RecentSource } from "@ratatosk/ring";
import { GrpcServer, ingesterService, querierService, type RpcService } from "@ratatosk/rpc";
import { createRuler } from "@ratatosk/ruler";
import type { Service } from "@ratatosk/service";
import { createStore } from "@ratatosk/store";
import { Members } from "./cluster/members.ts";
import type { Config } from "./config.ts";
import { explorePage } from "./explore-page.ts";
import { listenerTls } from "./listener-tls.ts";
import { membership } from "./membership.ts";
import { QuerierPeers } from "./querier-peers.ts";
import type { Role } from "./roles.ts";
import { ringRoutes, type RingMember } from "./routes/ring.ts";
import { syncIndexesRoutes } from "./routes/sync-indexes.ts";
import { rulerPeers } from "./ruler-peers.ts";
import { ruleEvaluation } from "./rule-evaluation.ts";

export interface ProcessModules {
  readonly config: Config;
  readonly log: Logger;
  readonly registry: Registry;
  readonly limits: LimitsSource;
  readonly metrics: RequestMetrics;
  /** The TLS of the HTTP listener. */
  readonly tls: ServerTls | undefined;
  /** Ends the process. */
  readonly terminate: () => void;
}

/** What a role brings into its process. */
export interface Parts {
  readonly services: readonly Service[];
  readonly routes: readonly Route[];
}

/** Puts the parts of a role together. `all` is every role around one ingester, without a wire between them. */
export function compose(role: Role, modules: ProcessModules): Parts {
  return new Composition(modules).of(role);
}

/** How long the shipping of lines takes at most, once they are old enough. */
const flushingMs = 600_000;

class Composition {
  readonly #modules: ProcessModules;
  readonly #objects: ObjectStore;
  readonly #deletes: DeleteRequests;

  constructor(modules: ProcessModules) {
    this.#modules = modules;
    const { storage } = modules.config;
    this.#objects = new MeasuredStore(createObjectStore(storage), storage.s3?.bucket ?? "filesystem", modules.registry);
    const listingMs = modules.config.store.index_listing_period;
    this.#deletes = new DeleteRequests({ objects: this.#objects, listingMs, now: Date.now });
  }

  of(role: Role): Parts {
    switch (role) {
      case "all":
        return this.#all();
      case "ingester":
        return this.#ingesterProcess();
      case "distributor":
        return this.#withMembers((ring) => this.#distributor(ring));
      case "querier":
        return this.#withMembers((ring) => join(this.#querierProcess(ring), this.#page()));
      case "ruler":
        return this.#withMembers((ring) => this.#sharing((peers) => this.#ruler(this.#querier(ring, peers))));
      case "compactor":
        return this.#compactor();
    }
  }

  #all(): Parts {
    const ingester = this.#ingester();
    const ring = localIngesters("ingester", ingester.api);
    const querier = this.#querier(ring);
    const roles = [this.#distributor(ring), querier, this.#ruler(querier), this.#compactor()];
    return join(ingester, ringPage(ring), ...roles, this.#page());
  }

  /** What is served to browsers, with what the page Operate asks of other processes. */
  #page(): Parts {
    const { service, routes } = new Members(this.#modules);
    return { services: [service], routes: [...explorePage(), ...routes] };
  }

  #compactor(): Parts {
    const { config, log, registry, limits } = this.#modules;
    const parts = createCompactor({
      config: config.compactor,
      log,
      registry,
      limits,
      objects: this.#objects,
      directory: config.storage.s3 === undefined ? config.storage.filesystem.directory : undefined,
      requests: this.#deletes,
      flushedWithinMs: config.ingester.max_chunk_age + flushingMs,
    });
    return join(parts, alone("/compactor/ring"));
  }

  /** A source without the lines that delete requests hide: also where the compactor is another process, with settings of its own. */
  #withoutDeleted(source: ChunkSource): ChunkSource {
    const { limits } = this.#modules;
    return new DeletesSource(source, async (tenant) =>
      limits.forTenant(tenant).deletion_mode === "disabled"
        ? []
        : pendingOf(await this.#deletes.recent(tenant), Date.now()),
    );
  }

  #ingesterProcess(): Parts {
    const { ring, store } = this.#modules.config;
    // Until those who read have heard of it and have listed the store anew.
    const ingester = this.#ingester(ring.health_period + store.index_listing_period);
    const service = ingesterService(ingester.api, ingester.status);
    const grpc = this.#grpcServer(service, () => ingester.status().state === "ACTIVE");
    // The listener is open while the log is read and while what there is is shipped: it answers for what it has.
    return join({ services: [grpc], routes: [] }, ingester);
  }

  #grpcServer(service: RpcService, isServing: () => boolean): GrpcServer {
    const { config, log, metrics } = this.#modules;
    const { server } = config;
    return new GrpcServer({
      address: server.grpc_listen_address,
      port: server.grpc_listen_port,
      maxMessageBytes: server.grpc_server_max_recv_msg_size,
      tls: listenerTls("server.grpc_tls_config", server.grpc_tls_config, log),
      services: [service],
      isServing,
      metrics,
      onError: (error) => log.error({ err: error }, "call failed"),
      graceMs: server.graceful_shutdown_timeout,
    });
  }

  #withMembers(role: (ring: Ingesters) => Parts): Parts {
    const ring = membership(this.#modules);
    return join({ services: [ring], routes: [] }, membersPage(ring), role(ring));
  }

  #distributor(ingesters: Ingesters): Parts {
    const { config, log, registry, limits } = this.#modules;
    const parts = createDistributor({ config: config.distributor, log, registry, limits, ingesters });
    const rings = [
      alone("/distributor/ring"),
      absent("/partition-ring", noPartitions),
      absent("/ingest-limits/ring", noLimiters),
    ];
    return join(parts, stateless("distributor"), ...rings);
  }

  #ingester(lingerMs = 0): IngesterParts {
    const { config, log, registry, limits, terminate } = this.#modules;
    const objects = this.#objects;
    const parts = { log, registry, objects, limits, lingerMs, terminate };
    return createIngester({ config: config.ingester, id: hostname(), ...parts });
  }

  #querierProcess(ingesters: Ingesters): Parts {
    return this.#sharing((peers) => {
      const querier = this.#querier(ingesters, peers);
      if (peers === undefined) return querier;
      return join(querier, { services: [this.#grpcServer(querierService(querier.api), () => true)], routes: [] });
    });
  }

  /** A role that shares queries with other queriers, where there are any. */
  #sharing(role: (peers: QuerierPeers | undefined) => Parts): Parts {
    if (this.#modules.config.querier.members.length === 0) return role(undefined);
    const peers = new QuerierPeers(this.#modules);
    return join({ services: [peers], routes: [] }, role(peers));
  }

  #querier(ingesters: Ingesters, peers?: QuerierPeers): Querier {
    const { config, log, registry, limits } = this.#modules;
    const { cache_directory: cacheDirectory } = config.store;
    const isCached = config.storage.s3 !== undefined && cacheDirectory !== "";
    const store = createStore({
      config: config.store,
      objects: this.#objects,
      log,
      registry,
      ...(isCached && { cacheDirectory }),
    });
    const recent = new RecentSource(ingesters);
    const old = config.storage.loki_buckets.map(openLokiBucket);
    const others = old.map(({ source }) => source);
    const visible = (source: ChunkSource): ChunkSource => this.#withoutDeleted(source);
    const sources = { ingesters, recent, store, others, visible };
    const sharing = peers && { peers: () => peers.others() };
    const parts = createQuerier({ config: config.querier, log, registry, limits, ...sources, ...sharing });
    const watches = { services: old.map(({ watch }) => watch), routes: [] };
    const index = { services: [], routes: syncIndexesRoutes(() => store.relist(), log) };
    const rings = [alone("/indexgateway/ring"), alone("/scheduler/ring")];
    return { ...parts, ...join(parts, stateless("querier"), watches, index, ...rings) };
  }

  #ruler({ engine }: Querier): Parts {
    const { config, log, registry, limits } = this.#modules;
    const evaluate = ruleEvaluation(engine, limits);
    const peers = rulerPeers(this.#modules);
    const ruler = createRuler({ config: config.ruler, log, registry, limits, objects: this.#objects, evaluate, peers });
    const page = config.ruler.members.length === 0 ? alone("/ruler/ring") : rulersPage(peers);
    return join({ services: [peers], routes: [] }, ruler, page);
  }
}

/** The one ingester of this process. */
function ringPage(ingesters: Ingesters): Parts {
  const members = (): RingMember[] => ingesters.members().map(({ id }) => ({ id, state: "ACTIVE" }));
  return { services: [], routes: [...ringRoutes("/ring", { members }), ...ringRoutes("/pattern/ring", { members })] };
}

/** Who the ingesters are, as this process sees them. */
function membersPage(ring: Membership): Parts {
  const page = { members: () => ring.view(), forget: (id: string) => ring.forget(id) };
  const miners = ringRoutes("/pattern/ring", { members: () => ring.view() });
  return { services: [], routes: [...ringRoutes("/ring", page), ...miners] };
}

function join(...parts: readonly Parts[]): Parts {
  return { services: parts.flatMap(({ services }) => services), routes: parts.flatMap(({ routes }) => routes) };
}

/** The rulers that share the groups. */
function rulersPage(peers: Peers): Parts {
  const members = (): RingMember[] => [
    ...peers.members().map((id) => ({ id, state: "ACTIVE" }) as const),
    ...peers.missing().map((id) => ({ id, state: "UNHEALTHY" }) as const),
  ];
  return { services: [], routes: ringRoutes("/ruler/ring", { members }) };
}

/** The page of a ring in which this process knows of itself only. */
function alone(path: string): Parts {
  return { services: [], routes: ringRoutes(path, { members: () => [{ id: hostname(), state: "ACTIVE" }] }) };
}

const noPartitions = "There are no partitions: distributors write to ingesters, and to nothing between them.";
const noLimiters = "There are no limiters of their own: each distributor limits what it takes.";

/** The page of a ring that this system does without. */
function absent(path: string, note: string): Parts {
  return { services: [], routes: ringRoutes(path, { members: () => [], note }) };
}

/** A role that has nothing to start: it is listed among the services all the same. */
function stateless(name: string): Parts {
  return { services: [{ name, start: async () => {}, stop: async () => {} }], routes: [] };
}
