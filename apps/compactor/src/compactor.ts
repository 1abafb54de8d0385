import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { LimitsSource } from "@ratatosk/config";
import type { Route } from "@ratatosk/http";
import type { ObjectStore } from "@ratatosk/object-store";
import type { Logger, Registry } from "@ratatosk/observability";
import type { Service } from "@ratatosk/service";
import { Catalog } from "./catalog/catalog.ts";
import type { CompactorConfig } from "./config.ts";
import { Cycle } from "./cycle.ts";
import { CompactorEvents } from "./events.ts";
import { Lease } from "./lease.ts";
import { Merger } from "./merge/merger.ts";
import { Worker } from "./worker.ts";

export interface CompactorModules {
  readonly config: CompactorConfig;
  readonly log: Logger;
  readonly registry: Registry;
  readonly limits: LimitsSource;
  readonly objects: ObjectStore;
  readonly now?: () => number;
}

export interface Compactor {
  readonly services: readonly Service[];
  readonly routes: readonly Route[];
  /** Does at once what is due, unless another compactor has the lease. */
  readonly runOnce: (signal: AbortSignal) => Promise<void>;
}

/** Merges what ingesters ship, forgets what is too old, deletes what was asked to be deleted. */
export function createCompactor({ config, log, registry, objects, now = Date.now }: CompactorModules): Compactor {
  const events = new CompactorEvents(log, registry);
  const catalog = new Catalog(objects, (key, error) => events.damaged(key, error));
  const owner = `${hostname()}-${randomUUID()}`;
  const lease = new Lease({ objects, owner, durationMs: config.lease_duration, now });
  const merger = new Merger({
    objects,
    catalog,
    events,
    segmentBytes: config.segment_size,
    blockBytes: config.block_size,
    isOurs: () => lease.isHeld,
  });
  const cycle = new Cycle({ config, objects, catalog, merger, events, now });
  const worker = new Worker({ config, lease, cycle, events });
  return { services: [worker], routes: [], runOnce: (signal) => worker.runOnce(signal) };
}
