import { decodeBatch } from "@ratatosk/chunk";
import type { Wal, WalRecord } from "@ratatosk/wal";
import type { IngesterEvents } from "./events.ts";
import type { Shipped } from "./flush/shipped.ts";
import type { Memory } from "./memory/memory.ts";
import type { Admission } from "./push/admission.ts";
import type { BatchWindow } from "./push/batch-window.ts";
import { recordTypes } from "./records.ts";

export interface ReplayModules {
  readonly wal: Wal;
  readonly memory: Memory;
  readonly admission: Admission;
  readonly window: BatchWindow;
  readonly shipped: Shipped;
  readonly events: IngesterEvents;
}

/** Reads the log back into memory. The last generation goes on where it ended; those before it are to be shipped. */
export async function replay(modules: ReplayModules, signal: AbortSignal): Promise<void> {
  const { wal, memory, events } = modules;
  const startedMs = performance.now();
  events.replaying();
  let records = 0;
  memory.turn(wal.generation);
  for (const generation of wal.generations) {
    memory.turn(generation, true);
    for await (const record of wal.replay(generation)) {
      signal.throwIfAborted();
      apply(record, modules);
      records++;
      await memory.settled();
    }
  }
  events.replayed(records, (performance.now() - startedMs) / 1000);
}

function apply({ type, payload }: WalRecord, { memory, admission, window, shipped, events }: ReplayModules): void {
  try {
    if (type === recordTypes.batchIds) window.restore(payload);
    if (type === recordTypes.shipped) shipped.restore(payload);
    if (type !== recordTypes.batch) return;
    const batch = decodeBatch(payload);
    memory.append(batch);
    admission.remember(batch);
    if (batch.id !== undefined) window.add(batch.id);
  } catch (error) {
    events.recordUnreadable(error);
  }
}
