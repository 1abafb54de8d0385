import type { Entry } from "./entry.ts";
import { eachEntry, type Lines, type Outlet } from "./lines.ts";
import { heldLinesOf, type HeldLines } from "./stages/held-lines.ts";
import type { StageEvents } from "./stages/stage-events.ts";
import { TokenBucket } from "./token-bucket.ts";

/** The agent's limit of lines a second, behind all pipelines: drops what is over it, or makes readers wait. */
export class RateLimit implements Outlet {
  readonly #bucket: TokenBucket;
  readonly #drops: boolean;
  readonly #next: Outlet;
  readonly #events: StageEvents;
  readonly #waiting: { entry: Entry; lines: HeldLines }[] = [];
  #isScheduled = false;
  #room: PromiseWithResolvers<void> | undefined;

  constructor(limit: { rate: number; burst: number; drops: boolean }, next: Outlet, events: StageEvents) {
    this.#bucket = new TokenBucket(limit.rate, limit.burst);
    this.#drops = limit.drops;
    this.#next = next;
    this.#events = events;
  }

  lines(lines: Lines): void {
    eachEntry(lines, (entry) => this.entry(entry));
  }

  entry(entry: Entry): void {
    if (this.#waiting.length === 0 && this.#bucket.take()) return this.#next.entry(entry);
    if (this.#drops) return this.#events.dropped("global_rate_limiter_drop");
    this.#waiting.push({ entry, lines: heldLinesOf(entry) });
    this.#schedule();
  }

  ready(): Promise<void> | undefined {
    if (this.#waiting.length < 1000) return this.#next.ready();
    return (this.#room ??= Promise.withResolvers<void>()).promise;
  }

  #letGo(): void {
    this.#isScheduled = false;
    while (this.#waiting.length > 0 && this.#bucket.take()) {
      const { entry, lines } = this.#waiting.shift()!;
      this.#next.entry(entry);
      lines.release();
    }
    if (this.#waiting.length < 1000) {
      this.#room?.resolve();
      this.#room = undefined;
    }
    if (this.#waiting.length > 0) this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => this.#letGo(), this.#bucket.waitMs());
  }
}
