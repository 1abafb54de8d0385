import type { Service } from "@ratatosk/service";
import type { CompactorConfig } from "./config.ts";
import type { Cycle } from "./cycle.ts";
import type { CompactorEvents } from "./events.ts";
import type { Lease } from "./lease.ts";

export interface WorkerModules {
  readonly config: CompactorConfig;
  readonly lease: Lease;
  readonly cycle: Cycle;
  readonly events: CompactorEvents;
}

/** Renewed so often that one failure does no harm. */
const renewals = 4;
const firstRunMs = 60_000;

/** Runs cycles on time, while this compactor has the lease. */
export class Worker implements Service {
  readonly name = "compactor";
  readonly #modules: WorkerModules;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(modules: WorkerModules) {
    this.#modules = modules;
  }

  async start(): Promise<void> {
    const { config, events } = this.#modules;
    events.working(false);
    this.#schedule(Math.min(firstRunMs, config.compaction_interval));
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopping.abort();
    await this.#running;
    await this.#modules.lease.release().catch(() => undefined);
  }

  /** One cycle, now; nothing where another has the lease. */
  async runOnce(signal: AbortSignal): Promise<void> {
    const { lease, events, cycle } = this.#modules;
    const both = AbortSignal.any([signal, this.#stopping.signal]);
    if (!(await lease.acquire())) return;
    events.working(true);
    const renewal = this.#renew();
    try {
      await cycle.run(both);
    } finally {
      clearInterval(renewal);
      events.working(false);
    }
  }

  #schedule(delayMs: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#tick();
    }, delayMs);
  }

  async #tick(): Promise<void> {
    const { config, events } = this.#modules;
    try {
      await this.runOnce(this.#stopping.signal);
    } catch (error) {
      events.failed("compaction", 0, error);
    }
    this.#schedule(config.compaction_interval);
  }

  /** Keeps the lease while a cycle lasts. A renewal that fails shows when the lease has run out. */
  #renew(): NodeJS.Timeout {
    const { config, lease } = this.#modules;
    return setInterval(() => void lease.acquire().catch(() => undefined), config.lease_duration / renewals);
  }
}
