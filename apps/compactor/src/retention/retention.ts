import type { LimitsSource } from "@ratatosk/config";
import type { ObjectStore } from "@ratatosk/object-store";
import type { Catalog } from "../catalog/catalog.ts";
import type { DayFiles } from "../catalog/index-file.ts";
import type { CompactorConfig } from "../config.ts";
import type { CompactorEvents } from "../events.ts";
import type { Merger } from "../merge/merger.ts";
import { dropNow, liveBytes, oldest } from "./by-size.ts";
import { expire } from "./expire.ts";
import { Periods } from "./periods.ts";
import { bytesOverPercent } from "./volume.ts";

export interface RetentionModules {
  readonly config: CompactorConfig;
  readonly limits: LimitsSource;
  readonly objects: ObjectStore;
  readonly catalog: Catalog;
  readonly merger: Merger;
  readonly events: CompactorEvents;
  /** The directory of the objects, where they lie on a volume of this machine. */
  readonly directory: string | undefined;
  readonly levelOf: (files: DayFiles) => number;
  readonly now: () => number;
}

/** Forgets what is too old, then what is too much. */
export class Retention {
  readonly #modules: RetentionModules;

  constructor(modules: RetentionModules) {
    this.#modules = modules;
  }

  /** Applies `retention_period` and `retention_stream`. */
  async byTime(signal: AbortSignal): Promise<void> {
    const { limits, catalog, events, levelOf, now } = this.#modules;
    for (const tenant of await catalog.tenants()) {
      const periods = new Periods(limits.forTenant(tenant));
      if (periods.shortest === 0) continue;
      for (const files of await catalog.days(tenant)) {
        signal.throwIfAborted();
        const modules = { ...this.#modules, level: levelOf(files), nowMs: now() };
        events.retained(tenant, files.day, await expire(files, periods, modules, signal));
      }
    }
  }

  /** Applies the limits of bytes: of each tenant, of all, of the volume. */
  async bySize(): Promise<void> {
    const { config, limits, catalog, directory } = this.#modules;
    const all: DayFiles[] = [];
    for (const tenant of await catalog.tenants()) {
      const days = await catalog.days(tenant);
      const most = limits.forTenant(tenant).retention_max_bytes;
      if (most > 0 && (await this.#drop(days, liveBytes(days) - most))) all.push(...(await catalog.days(tenant)));
      else all.push(...days);
    }
    const over = config.retention_max_bytes > 0 ? liveBytes(all) - config.retention_max_bytes : 0;
    const percent = config.retention_max_disk_percent;
    const full = percent > 0 && directory !== undefined ? await bytesOverPercent(directory, percent) : 0;
    await this.#drop(all, Math.max(over, full));
  }

  async #drop(days: readonly DayFiles[], bytes: number): Promise<boolean> {
    const { objects, events } = this.#modules;
    const chosen = bytes > 0 ? oldest(days, bytes) : [];
    for (const { tenant, day, live } of chosen) {
      const files = days.find((one) => one.tenant === tenant && one.day === day)!;
      events.freed("size", tenant, await dropNow(files, live, objects));
      events.retained(tenant, day, live.length === files.live.length ? "deleted" : "modified");
    }
    return chosen.length > 0;
  }
}
