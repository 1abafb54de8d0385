import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { LimitsSource } from "@ratatosk/config";
import type { DeleteRequests } from "@ratatosk/deletes";
import type { Route } from "@ratatosk/http";
import type { ObjectStore } from "@ratatosk/object-store";
import type { Logger, Registry } from "@ratatosk/observability";
import type { Service } from "@ratatosk/service";
import { Catalog } from "./catalog/catalog.ts";
import type { DayFiles } from "./catalog/index-file.ts";
import type { CompactorConfig } from "./config.ts";
import { Cycle } from "./cycle.ts";
import { DeleteEvents } from "./deletes/delete-events.ts";
import { deleteRoutes } from "./deletes/delete-routes.ts";
import { CompactorEvents } from "./events.ts";
import { Lease } from "./lease.ts";
import { Merger } from "./merge/merger.ts";
import { isPast, type MergeRules } from "./merge/plan-merge.ts";
import { Retention } from "./retention/retention.ts";
import { Worker } from "./worker.ts";

export interface CompactorModules {
  readonly config: CompactorConfig;
  readonly log: Logger;
  readonly registry: Registry;
  readonly limits: LimitsSource;
  readonly objects: ObjectStore;
  /** The directory of the objects, where they lie on a volume of this machine. */
  readonly directory?: string | undefined;
  readonly requests: DeleteRequests;
  /** After so long no ingester holds a line that it has now, milliseconds. */
  readonly flushedWithinMs: number;
  readonly now?: () => number;
}

export interface Compactor {
  readonly services: readonly Service[];
  readonly routes: readonly Route[];
  /** Does at once what is due, unless another compactor has the lease. */
  readonly runOnce: (signal: AbortSignal) => Promise<void>;
}

/** Merges what ingesters ship, forgets what is too old, deletes what was asked to be deleted. */
export function createCompactor(modules: CompactorModules): Compactor {
  const { config, log, registry, limits, objects, directory, requests, flushedWithinMs, now = Date.now } = modules;
  const events = new CompactorEvents(log, registry);
  const deleteEvents = new DeleteEvents(log, registry);
  const catalog = new Catalog(objects, (key, error) => events.damaged(key, error));
  const owner = `${hostname()}-${randomUUID()}`;
  const lease = new Lease({ objects, owner, durationMs: config.lease_duration, now });
  const { segment_size: segmentBytes, block_size: blockBytes } = config;
  const isOurs = (): boolean => lease.isHeld;
  const merger = new Merger({ objects, catalog, events, segmentBytes, blockBytes, isOurs });
  const rules = (): MergeRules => mergeRules(config, now());
  const levelOf = ({ day, live }: DayFiles): number => (isPast(day, live, rules()) ? config.compression_level : 1);
  const retention = new Retention({ config, limits, objects, catalog, merger, events, directory, levelOf, now });
  const cancelPeriodMs = config.delete_request_cancel_period;
  const deleting = {
    requests,
    objects,
    catalog,
    merger,
    events: deleteEvents,
    cancelPeriodMs,
    flushedWithinMs,
    levelOf,
    now,
  };
  const shared = { config, limits, objects, catalog, merger, events, now };
  const cycle = new Cycle({ ...shared, retention, requests, deleting, deleteEvents, rules });
  const worker = new Worker({ config, lease, cycle, events });
  const tenants = (): Promise<string[]> => catalog.tenants();
  const api = { requests, limits, tenants, events: deleteEvents, cancelPeriodMs, now };
  const routes = config.retention_enabled ? deleteRoutes(api) : [];
  return { services: [worker], routes, runOnce: (signal) => worker.runOnce(signal) };
}

function mergeRules(config: CompactorConfig, nowMs: number): MergeRules {
  const { merge_files: mergeFiles, settle_period: settleMs, compression_level: level } = config;
  return { nowMs, mergeFiles, settleMs, level };
}
