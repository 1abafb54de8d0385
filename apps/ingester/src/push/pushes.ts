import { type Batch, type BatchId, decodeBatch, encodeBatch } from "@ratatosk/chunk";
import type { PushAnswer } from "@ratatosk/proto";
import type { Wal } from "@ratatosk/wal";
import type { IngesterEvents } from "../events.ts";
import type { Memory } from "../memory/memory.ts";
import { batchRecord } from "../records.ts";
import type { Tails } from "../tails.ts";
import type { Admission } from "./admission.ts";
import type { BatchWindow } from "./batch-window.ts";

export interface PushModules {
  readonly memory: Memory;
  readonly wal: Wal;
  readonly admission: Admission;
  readonly window: BatchWindow;
  readonly tails: Tails;
  readonly events: IngesterEvents;
  /** Called once a batch lies in memory. */
  readonly stored: () => void;
}

/** Takes batches: refuses what limits refuse, makes the rest durable, then visible. */
export class Pushes {
  readonly #modules: PushModules;
  readonly #underway = new Map<string, Promise<PushAnswer>>();

  constructor(modules: PushModules) {
    this.#modules = modules;
  }

  /** Resolves once the batch is durable and visible. A batch whose id was stored before is not stored again. */
  async push(bytes: Uint8Array): Promise<PushAnswer> {
    const batch = decodeBatch(bytes);
    if (batch.id === undefined) return this.#store(batch, bytes);
    if (this.#modules.window.has(batch.id)) {
      this.#modules.events.batchRepeated();
      return { refused: [] };
    }
    return this.#once(batch.id, () => this.#store(batch, bytes));
  }

  /** A batch that comes again while the first is underway shares its answer. */
  async #once({ agent, sequence }: BatchId, store: () => Promise<PushAnswer>): Promise<PushAnswer> {
    const key = `${sequence}/${agent}`;
    const underway = this.#underway.get(key) ?? store();
    this.#underway.set(key, underway);
    try {
      return await underway;
    } finally {
      this.#underway.delete(key);
    }
  }

  async #store(batch: Batch, bytes: Uint8Array): Promise<PushAnswer> {
    const { memory, wal, admission, events } = this.#modules;
    await memory.room();
    const admitted = admission.admit(batch);
    events.refused(batch.tenant, admitted.refused);
    const payload = admitted.batch === batch ? bytes : encodeBatch(admitted.batch);
    await wal.append(batchRecord(payload), () => this.#show(admitted.batch));
    return { refused: admitted.refused };
  }

  #show(batch: Batch): void {
    const { memory, window, tails, stored } = this.#modules;
    memory.append(batch);
    if (batch.id !== undefined) window.add(batch.id);
    tails.publish(batch);
    stored();
  }
}
