import { Session } from "node:inspector/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { RatatoskError } from "@ratatosk/model";

/** `cpu`: where the time goes; `heap`: who made what is still there; `allocations`: who makes anything. */
export type ProfileKind = "cpu" | "heap" | "allocations";

const cpuIntervalMicros = 1000;
const heapIntervalBytes = 32 * 1024;

/** Profiles of this process's main thread, one at a time, as V8 takes them. */
export class Profiler {
  #isBusy = false;

  /** What happens within a time, as JSON that Chrome's developer tools read. Throws conflict while another is taken. */
  async profile(kind: ProfileKind, ms: number, signal: AbortSignal): Promise<string> {
    if (this.#isBusy) throw new RatatoskError("conflict", "another profile is being taken");
    this.#isBusy = true;
    const session = new Session();
    session.connect();
    try {
      return JSON.stringify(await takes[kind](session, () => sleep(ms, undefined, { signal })));
    } finally {
      session.disconnect();
      this.#isBusy = false;
    }
  }
}

const takes: Record<ProfileKind, (session: Session, wait: () => Promise<void>) => Promise<object>> = {
  async cpu(session, wait) {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: cpuIntervalMicros });
    await session.post("Profiler.start");
    await wait();
    return (await session.post("Profiler.stop")).profile;
  },
  heap: (session, wait) => heapSamples(session, wait, false),
  allocations: (session, wait) => heapSamples(session, wait, true),
};

async function heapSamples(session: Session, wait: () => Promise<void>, withFreed: boolean): Promise<object> {
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: heapIntervalBytes,
    includeObjectsCollectedByMajorGC: withFreed,
    includeObjectsCollectedByMinorGC: withFreed,
  });
  await wait();
  return (await session.post("HeapProfiler.stopSampling")).profile;
}
