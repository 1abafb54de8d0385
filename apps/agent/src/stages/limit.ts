import type { Entry } from "../entry.ts";
import { TokenBucket } from "../token-bucket.ts";
import type { StageConfig, StageParts } from "./build-stages.ts";
import { heldLinesOf, type HeldLines } from "./held-lines.ts";
import type { Stage } from "./stage.ts";

export interface LimitOptions {
  readonly rate: number;
  readonly burst: number;
  readonly drop?: boolean;
  readonly byLabelName?: string;
  readonly maxDistinctLabels?: number;
}

const dropReason = "ratelimit_drop_stage";
const leastDistinct = 10_000;
const maxWaiting = 1000;

/** `limit`: so many entries a second; more wait, or are dropped. */
export function limitStage(options: LimitOptions): StageConfig["build"] {
  const { rate, burst, drop = false, byLabelName = "", maxDistinctLabels = leastDistinct } = options;
  if (!(rate > 0) || !(burst > 0)) throw new Error("limit stage failed to parse rate or burst");
  if (byLabelName !== "" && !drop) throw new Error("limit stage: by_label_name may be used only when drop is true");
  return (parts) => {
    if (byLabelName !== "") return byLabel(options, Math.max(maxDistinctLabels, leastDistinct), parts);
    return drop ? dropping(new TokenBucket(rate, burst), parts) : new Waiting(new TokenBucket(rate, burst));
  };
}

const dropping = (bucket: TokenBucket, { events }: StageParts): Stage => ({
  process(entry, emit) {
    if (bucket.take()) emit(entry);
    else events.dropped(dropReason);
  },
});

/** A bucket for each value of a label; the one used longest ago is forgotten first. */
function byLabel({ rate, burst, byLabelName = "" }: LimitOptions, maxBuckets: number, { events }: StageParts): Stage {
  const buckets = new Map<string, TokenBucket>();
  return {
    process(entry, emit) {
      const value = entry.labels.get(byLabelName);
      if (value === undefined) return emit(entry);
      const bucket = buckets.get(value) ?? new TokenBucket(rate, burst);
      buckets.delete(value);
      buckets.set(value, bucket);
      if (buckets.size > maxBuckets) buckets.delete(buckets.keys().next().value!);
      if (bucket.take()) return emit(entry);
      events.dropped(dropReason);
      events.droppedByLabel(byLabelName, value);
    },
  };
}

class Waiting implements Stage {
  readonly #bucket: TokenBucket;
  readonly #waiting: { entry: Entry; lines: HeldLines }[] = [];
  #emit: (entry: Entry) => void = () => undefined;
  #isScheduled = false;
  #room: PromiseWithResolvers<void> | undefined;

  constructor(bucket: TokenBucket) {
    this.#bucket = bucket;
  }

  connect(emit: (entry: Entry) => void): void {
    this.#emit = emit;
  }

  process(entry: Entry, emit: (entry: Entry) => void): void {
    if (this.#waiting.length === 0 && this.#bucket.take()) return emit(entry);
    this.#waiting.push({ entry, lines: heldLinesOf(entry) });
    this.#schedule();
  }

  ready(): Promise<void> | undefined {
    if (this.#waiting.length < maxWaiting) return undefined;
    return (this.#room ??= Promise.withResolvers<void>()).promise;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setTimeout(() => {
      this.#isScheduled = false;
      this.#letGo();
    }, this.#bucket.waitMs()).unref();
  }

  #letGo(): void {
    while (this.#waiting.length > 0 && this.#bucket.take()) {
      const { entry, lines } = this.#waiting.shift()!;
      this.#emit(entry);
      lines.release();
    }
    if (this.#waiting.length < maxWaiting) {
      this.#room?.resolve();
      this.#room = undefined;
    }
    if (this.#waiting.length > 0) this.#schedule();
  }
}
