import { RatatoskError, type Selection } from "@ratatosk/model";
import type { IngesterMember, Ingesters } from "./ingesters.ts";

type Tailed = Omit<Selection, "start" | "end">;

const rejoinMs = 1000;

/** What follows several ingesters at once. */
export interface Following {
  /** Resolves once no ingester is left that could be followed, or the signal aborts. */
  readonly ended: Promise<void>;
}

/**
 * Calls `onBatch` with each encoded batch of new entries that any ingester takes, copies of replicas included, until the
 * signal aborts; the next batch of an ingester comes once that is done with the last one. Resolves once all that serve are followed; those that come (back) later are followed from then on.
 * Throws unavailable when none can be followed.
 */
export async function followIngesters(
  ingesters: Ingesters,
  selection: Tailed,
  { onBatch, signal }: { onBatch: (batch: Uint8Array) => void | Promise<void>; signal: AbortSignal },
): Promise<Following> {
  const followed = new Set<string>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  await Promise.all(ingesters.members().map(join));
  if (followed.size === 0) throw new RatatoskError("unavailable", "no ingester serves");
  const timer = setInterval(() => void Promise.all(ingesters.members().map(join)), rejoinMs);
  signal.addEventListener("abort", () => end(), { once: true });
  void ended.then(() => clearInterval(timer));
  return { ended };

  async function join({ id, api }: IngesterMember): Promise<void> {
    if (followed.has(id) || signal.aborted) return;
    followed.add(id);
    try {
      void pump(id, await api.tail(selection, signal));
    } catch {
      followed.delete(id); // tried again while others are followed
    }
  }

  async function pump(id: string, batches: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const batch of batches) await onBatch(batch);
    } catch {
      // Whatever ended it: the member is followed again once it serves.
    }
    followed.delete(id);
    if (followed.size === 0) end();
  }
}
