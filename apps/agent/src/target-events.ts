import { Counter, Gauge, type Registry } from "@ratatosk/observability";

export type FailReason = "dropped" | "wrong_host" | "no_path" | "exists" | "error";

/** A discovered target that is not read, and why. */
export interface DroppedTarget {
  readonly discovered: ReadonlyMap<string, string>;
  readonly reason: FailReason;
}

const maxDropped = 100;

/** Which targets there are and which are not, as metrics under Promtail's names and for the pages. */
export class TargetEvents {
  readonly #active: Gauge;
  readonly #failed: Counter<"reason">;
  readonly #dropped = new Map<string, DroppedTarget[]>();
  #count = 0;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#active = new Gauge({ name: "promtail_targets_active_total", help: "Number of active total.", registers });
    this.#failed = new Counter({
      name: "promtail_targets_failed_total",
      help: "Number of failed targets.",
      labelNames: ["reason"],
      registers,
    });
  }

  /** Forgets which targets of a job were dropped. */
  beginJob(job: string): void {
    this.#dropped.delete(job);
  }

  failed(job: string, reason: FailReason, discovered: ReadonlyMap<string, string>): undefined {
    this.#failed.inc({ reason });
    const dropped = this.#dropped.get(job) ?? [];
    if (dropped.length < maxDropped) this.#dropped.set(job, [...dropped, { discovered, reason }]);
    return undefined;
  }

  activated(): void {
    this.#active.set(++this.#count);
  }

  deactivated(): void {
    this.#active.set(--this.#count);
  }

  get active(): number {
    return this.#count;
  }

  droppedOf(job: string): readonly DroppedTarget[] {
    return this.#dropped.get(job) ?? [];
  }
}
