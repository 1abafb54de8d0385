import { inTrace } from "@ratatosk/observability";
import type { Wal, WalRecord } from "@ratatosk/wal";
import type { FlushReason, IngesterEvents } from "../events.ts";
import type { Generation } from "../memory/generation.ts";
import type { Memory } from "../memory/memory.ts";
import { shippedRecord } from "../records.ts";
import { ship, type ShipModules } from "./ship.ts";
import type { Shipped } from "./shipped.ts";

export interface FlusherModules extends ShipModules {
  readonly memory: Memory;
  readonly wal: Wal;
  readonly events: IngesterEvents;
  readonly shipped: Shipped;
  /** What the next generation of the log begins with. */
  readonly firstRecords: () => readonly WalRecord[];
  readonly maxAgeMs: number;
  readonly now: () => number;
}

/** After a failure it is not tried again for so long, unless somebody asks for it. */
const pauseMs = 5000;

/** Ships generations: rotates the log, writes what left to the store, then drops its part of the log. */
export class Flusher {
  readonly #modules: FlusherModules;
  #last: Promise<void> = Promise.resolve();
  #busy = false;
  #pausedUntilMs = 0;

  constructor(modules: FlusherModules) {
    this.#modules = modules;
  }

  /** Ships in the background what is due: a full memory, an old generation, one whose shipping failed before. */
  check(): void {
    const reason = this.#due();
    if (reason !== undefined && !this.#busy) this.flush(reason).catch(() => undefined);
  }

  /** Ships everything that is in memory now. */
  async flush(reason: FlushReason): Promise<void> {
    const run = this.#last.then(() => this.#run(reason));
    this.#last = run.catch(() => undefined);
    await run;
  }

  /** Waits for what is being shipped. */
  async idle(): Promise<void> {
    await this.#last;
  }

  #due(): FlushReason | undefined {
    const { memory, maxAgeMs, now } = this.#modules;
    if (now() < this.#pausedUntilMs) return undefined;
    if (memory.full || memory.leaving.length > 0) return "full";
    return !memory.current.empty && now() - memory.current.startedMs >= maxAgeMs ? "max_age" : undefined;
  }

  async #run(reason: FlushReason): Promise<void> {
    const { memory, events } = this.#modules;
    this.#busy = true;
    events.flushing();
    try {
      await this.#shipLeaving(reason);
      if (!memory.current.empty) await this.#rotate();
      await this.#shipLeaving(reason);
    } catch (error) {
      this.#pausedUntilMs = this.#modules.now() + pauseMs;
      events.flushFailed(error);
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  async #rotate(): Promise<void> {
    const { memory, wal, firstRecords } = this.#modules;
    await wal.rotate(firstRecords, () => memory.turn(wal.generation));
  }

  async #shipLeaving(reason: FlushReason): Promise<void> {
    for (const generation of this.#modules.memory.leaving) await this.#ship(generation, reason);
  }

  async #ship(generation: Generation, reason: FlushReason): Promise<void> {
    const { memory, shipped, wal, events } = this.#modules;
    const attributes = { reason, generation: generation.number, chunks: generation.chunks };
    const keys = await inTrace({ name: "flush", attributes }, () => ship(generation, reason, this.#modules));
    // In one step, so that a query finds the lines in memory or hears of the index file.
    shipped.add(keys);
    memory.forget(generation);
    // What is forgotten is told of after a crash too. A disk that is full gets room by what follows.
    await wal.append(shippedRecord(shipped.encode())).catch(() => undefined);
    await wal.drop(generation.number).catch((error: unknown) => events.logNotDropped(generation.number, error));
  }
}
