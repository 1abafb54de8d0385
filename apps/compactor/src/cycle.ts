import type { LimitsSource } from "@ratatosk/config";
import { type DeleteRequest, type DeleteRequests } from "@ratatosk/deletes";
import type { ObjectStore } from "@ratatosk/object-store";
import type { Catalog } from "./catalog/catalog.ts";
import type { CompactorConfig } from "./config.ts";
import { carryOut, type CarryOutModules } from "./deletes/carry-out.ts";
import type { DeleteEvents } from "./deletes/delete-events.ts";
import type { CompactorEvents, Operation } from "./events.ts";
import { sweep } from "./garbage/sweep.ts";
import type { Merger } from "./merge/merger.ts";
import type { MergeRules } from "./merge/plan-merge.ts";
import type { Retention } from "./retention/retention.ts";

export interface CycleModules {
  readonly config: CompactorConfig;
  readonly limits: LimitsSource;
  readonly objects: ObjectStore;
  readonly catalog: Catalog;
  readonly merger: Merger;
  readonly retention: Retention;
  readonly requests: DeleteRequests;
  readonly deleting: CarryOutModules;
  readonly events: CompactorEvents;
  readonly deleteEvents: DeleteEvents;
  readonly rules: () => MergeRules;
  readonly now: () => number;
}

/** Everything the compactor does, once. What makes room comes first. */
export class Cycle {
  readonly #modules: CycleModules;

  constructor(modules: CycleModules) {
    this.#modules = modules;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { config, retention } = this.#modules;
    await this.#timed("retention", signal, async () => {
      if (config.retention_enabled) await retention.byTime(signal);
      if (config.retention_enabled) await this.#delete(signal);
      await retention.bySize();
    });
    await this.#timed("compaction", signal, () => this.#merge(signal));
  }

  async #delete(signal: AbortSignal): Promise<void> {
    const { catalog, limits, requests, deleting, deleteEvents, now } = this.#modules;
    const pending: DeleteRequest[] = [];
    for (const tenant of await catalog.tenants()) {
      if (limits.forTenant(tenant).deletion_mode !== "filter-and-delete") continue;
      const all = await requests.list(tenant).catch((error: unknown) => {
        deleteEvents.loadFailed();
        throw error;
      });
      await carryOut(tenant, all, deleting, signal);
      pending.push(...all.filter(({ state }) => state !== "processed"));
    }
    deleteEvents.loaded(pending, now());
  }

  async #merge(signal: AbortSignal): Promise<void> {
    const { catalog, merger, rules } = this.#modules;
    for (const tenant of await catalog.tenants()) {
      for (const files of await catalog.days(tenant)) {
        signal.throwIfAborted();
        await merger.merge(files, rules(), signal);
      }
      await this.#sweep(tenant);
    }
  }

  async #sweep(tenant: string): Promise<void> {
    const { config, objects, catalog, events, now } = this.#modules;
    const swept = await sweep(tenant, { objects, catalog, graceMs: config.retention_delete_delay, now });
    events.freed("garbage", tenant, swept);
  }

  /** Runs a part; what fails of it is told, and tried again in the next cycle. */
  async #timed(operation: Operation, signal: AbortSignal, run: () => Promise<void>): Promise<void> {
    const { events } = this.#modules;
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    try {
      await run();
      events.done(operation, seconds());
    } catch (error) {
      if (signal.aborted) return;
      events.failed(operation, seconds(), error);
    }
  }
}
