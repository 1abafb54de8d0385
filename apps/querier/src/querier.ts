import type { LimitsSource } from "@ratatosk/config";
import { CombinedSource, KeptResults, QueryEngine, WorkerPool } from "@ratatosk/engine";
import type { Route } from "@ratatosk/http";
import type { ChunkSource } from "@ratatosk/model";
import type { Logger, Registry } from "@ratatosk/observability";
import type { QuerierApi } from "@ratatosk/proto";
import type { Ingesters } from "@ratatosk/ring";
import type { Service } from "@ratatosk/service";
import type { Store } from "@ratatosk/store";
import type { QuerierConfig } from "./config.ts";
import { QueryLog } from "./query-log.ts";
import type { ReaderModules } from "./reader.ts";
import { detectedFieldsRoutes } from "./routes/detected-fields.ts";
import { detectedLabelsRoute } from "./routes/detected-labels.ts";
import { formatQueryRoute } from "./routes/format-query.ts";
import { indexShardsRoute } from "./routes/index-shards.ts";
import { patternsRoute } from "./routes/patterns.ts";
import { indexStatsRoute } from "./routes/index-stats.ts";
import { indexVolumeRoutes } from "./routes/index-volume.ts";
import { labelRoutes } from "./routes/labels.ts";
import { legacyQueryRoute } from "./routes/legacy-query.ts";
import { queryRangeRoute } from "./routes/query-range.ts";
import { queryRoute } from "./routes/query.ts";
import { PeerEvents } from "./share/peer-events.ts";
import { type PeerQuerier, PeerScans } from "./share/peer-scans.ts";
import { ScanAnswers } from "./share/scan-answers.ts";
import { tailRoutes } from "./routes/tail.ts";
import { TailEvents } from "./tail/tail-events.ts";
import { seriesRoutes } from "./routes/series.ts";

export interface QuerierModules {
  readonly config: QuerierConfig;
  readonly log: Logger;
  readonly registry: Registry;
  readonly limits: LimitsSource;
  /** Followed by tails. */
  readonly ingesters: Ingesters;
  /** What the ingesters hold; asked first. */
  readonly recent: ChunkSource;
  readonly store: ChunkSource & Pick<Store, "located">;
  /** Old buckets, read in place. */
  readonly others?: readonly ChunkSource[];
  /** All of these without what is not to be seen. */
  readonly visible?: (source: ChunkSource) => ChunkSource;
  /** Other queriers, with which large queries are shared. */
  readonly peers?: () => readonly PeerQuerier[];
}

export interface Querier {
  readonly routes: readonly Route[];
  readonly services: readonly Service[];
  readonly engine: QueryEngine;
  /** What other queriers ask of this one. */
  readonly api: QuerierApi;
}

/** The read side: everything that answers questions about stored lines. */
export function createQuerier(querier: QuerierModules): Querier {
  const { config, log, registry, limits, ingesters, recent, store, others = [] } = querier;
  const { visible = (all: ChunkSource) => all, peers } = querier;
  const source = visible(new CombinedSource(recent, [store, ...others]));
  const pool = new WorkerPool(config.max_concurrent);
  const engine = new QueryEngine({
    source,
    runner: pool,
    memoryBytes: config.query_memory,
    sharedBytes: config.queries_memory,
    kept: config.results_memory > 0 ? new KeptResults(config.results_memory) : undefined,
    sharedFromBytes: config.share_queries_from,
    ...(peers && { peers: scansAt(peers, querier, pool) }),
  });
  const queryLog = new QueryLog(log, registry, config.slow_query);
  const modules: ReaderModules = {
    engine,
    source,
    limits,
    queryLog,
    perRequestLimits: config.per_request_limits_enabled,
    now: () => BigInt(Date.now()) * 1_000_000n,
  };
  const routes = [
    queryRangeRoute(modules),
    queryRoute(modules),
    legacyQueryRoute(modules),
    ...labelRoutes(modules),
    ...seriesRoutes(modules),
    indexStatsRoute(modules),
    indexShardsRoute(modules),
    patternsRoute(modules),
    ...indexVolumeRoutes(modules),
    detectedLabelsRoute(modules),
    ...detectedFieldsRoutes(modules),
    ...tailRoutes({ ...modules, ingesters, maxDurationMs: config.tail_max_duration }, new TailEvents(registry)),
    formatQueryRoute,
  ];
  return { routes, services: [scanThreads(pool)], engine, api: new ScanAnswers({ store, runner: pool }) };
}

const scansAt = (
  peers: () => readonly PeerQuerier[],
  { config, log, registry }: QuerierModules,
  { concurrency }: WorkerPool,
): PeerScans =>
  new PeerScans({
    peers,
    // They are machines like this one: for each thread a job that is scanned and one that is on its way.
    jobsOfPeer: 2 * concurrency,
    patienceMs: config.peer_patience,
    events: new PeerEvents(log, registry),
  });

const scanThreads = (pool: WorkerPool): Service => ({
  name: "scan-threads",
  start: async () => undefined,
  stop: () => pool.stop(),
});
