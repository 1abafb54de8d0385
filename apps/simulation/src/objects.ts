import { RatatoskError } from "@ratatosk/model";
import type { MemoryStore, ObjectStore } from "@ratatosk/object-store";
import type { World } from "./world.ts";

/** How the object store behaves for a while. */
export interface StoreMood {
  /** How often a call fails; half of those that do have done their work. */
  failures: number;
  /** Milliseconds that a call takes at most. */
  delayMs: number;
}

/** A bucket as one host sees it: late, and at times broken. */
export function bucketOf(bucket: MemoryStore, mood: StoreMood, { clock, random }: World): ObjectStore {
  const faulty = async <T>(work: () => Promise<T>): Promise<T> => {
    await clock.pass(random.next() * mood.delayMs);
    const fails = random.chance(mood.failures);
    if (fails && random.chance(0.5)) throw unavailable();
    const answer = await work();
    await clock.pass(random.next() * mood.delayMs);
    if (fails) throw unavailable();
    return answer;
  };
  return {
    gapBytes: bucket.gapBytes,
    put: (key, body) => faulty(() => bucket.put(key, body)),
    get: (key, range) => faulty(() => bucket.get(key, range)),
    stat: (key) => faulty(() => bucket.stat(key)),
    async *list(prefix) {
      yield* await faulty(() => Array.fromAsync(bucket.list(prefix)));
    },
    folders: (prefix) => faulty(() => bucket.folders(prefix)),
    delete: async (keys) => {
      for (const key of keys) await faulty(() => bucket.delete([key]));
    },
  };
}

const unavailable = (): RatatoskError => new RatatoskError("unavailable", "object store: 500");
