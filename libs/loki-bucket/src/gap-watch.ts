import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "@ratatosk/service";
import type { Bucket } from "./bucket.ts";
import { findGaps, type Gap } from "./find-gaps.ts";

const minute = 60_000;
const lookAgainMs = 360 * minute;
const retryMs = 10 * minute;
/** Loki ships the index of a chunk within minutes of the chunk; a full one spans a few hours. */
const settledMs = 360 * minute;
/** A list request a thousand names, and 20 MB while they are compared. */
const mostChunks = 500_000;

/**
 * Knows which chunks of a bucket no index names, so that an answer can say what it lacks. It looks in the background,
 * when it starts and every six hours, one tenant after the other, and keeps a few numbers a day.
 */
export class GapWatch implements Service {
  readonly name = "old-bucket";
  readonly #bucket: Bucket;
  readonly #aborter = new AbortController();
  #gaps: ReadonlyMap<string, readonly Gap[]> = new Map();

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async start(): Promise<void> {
    void this.#watch(this.#aborter.signal);
  }

  async stop(): Promise<void> {
    this.#aborter.abort();
  }

  /** What was missing when last looked, of an old tenant and a time range (milliseconds, both inclusive). */
  gaps(tenant: string, fromMs: number, throughMs: number): Gap[] {
    const all = this.#gaps.get(tenant) ?? [];
    return all.filter((gap) => gap.throughMs >= fromMs && gap.fromMs <= throughMs);
  }

  /** Looks at all tenants once. */
  async look(signal: AbortSignal): Promise<void> {
    const gaps = new Map<string, readonly Gap[]>();
    for (const tenant of await this.#bucket.tenants()) {
      const search = { untilMs: Date.now() - settledMs, mostChunks, signal };
      gaps.set(tenant, (await findGaps(this.#bucket, tenant, search)) ?? []);
    }
    this.#gaps = gaps;
  }

  /** A bucket that cannot be reached is told by the queries. */
  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = await this.look(signal).then(
        () => lookAgainMs,
        () => retryMs,
      );
      await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
