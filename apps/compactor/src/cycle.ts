import type { Catalog } from "./catalog/catalog.ts";
import type { CompactorConfig } from "./config.ts";
import type { CompactorEvents, Operation } from "./events.ts";
import { sweep } from "./garbage/sweep.ts";
import type { Merger } from "./merge/merger.ts";
import type { MergeRules } from "./merge/plan-merge.ts";
import type { ObjectStore } from "@ratatosk/object-store";

export interface CycleModules {
  readonly config: CompactorConfig;
  readonly objects: ObjectStore;
  readonly catalog: Catalog;
  readonly merger: Merger;
  readonly events: CompactorEvents;
  readonly now: () => number;
}

/** Everything the compactor does, once. */
export class Cycle {
  readonly #modules: CycleModules;

  constructor(modules: CycleModules) {
    this.#modules = modules;
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#timed("compaction", signal, () => this.#merge(signal));
  }

  async #merge(signal: AbortSignal): Promise<void> {
    const { catalog, merger } = this.#modules;
    for (const tenant of await catalog.tenants()) {
      for (const files of await catalog.days(tenant)) {
        signal.throwIfAborted();
        await merger.merge(files, this.#rules(), signal);
      }
      await this.#sweep(tenant);
    }
  }

  async #sweep(tenant: string): Promise<void> {
    const { config, objects, catalog, events, now } = this.#modules;
    const swept = await sweep(tenant, { objects, catalog, graceMs: config.retention_delete_delay, now });
    events.freed("garbage", tenant, swept);
  }

  #rules(): MergeRules {
    const { config, now } = this.#modules;
    return {
      nowMs: now(),
      mergeFiles: config.merge_files,
      settleMs: config.settle_period,
      level: config.compression_level,
    };
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
