import { setTimeout as sleep } from "node:timers/promises";
import { snappyCompress } from "@ratatosk/kernels";
import type { RemoteWriteClient } from "../config.ts";
import type { RulerEvents } from "../ruler-events.ts";
import type { RecordedSample } from "../run/evaluate-rule.ts";
import { encodeWriteRequest } from "./write-request.ts";

export interface RemoteWriterOptions {
  readonly name: string;
  readonly client: RemoteWriteClient;
  readonly queueSamples: number;
  readonly events: RulerEvents;
}

const samplesPerRequest = 2000;
const firstWaitMs = 100;
const longestWaitMs = 30_000;
/** How long a stop waits for what still lies in the queue. */
const farewellMs = 5000;

/** Writes samples to one Prometheus-compatible receiver, in order, and tries again until it takes or refuses them. */
export class RemoteWriter {
  readonly #options: RemoteWriterOptions;
  readonly #aborter = new AbortController();
  #queue: RecordedSample[] = [];
  #working: Promise<void> | undefined;

  constructor(options: RemoteWriterOptions) {
    this.#options = options;
  }

  /** Queues samples; over the queue's length the oldest are given up. */
  write(samples: readonly RecordedSample[]): void {
    const { queueSamples, events, name } = this.#options;
    this.#queue.push(...samples);
    const excess = this.#queue.length - queueSamples;
    if (excess > 0) {
      this.#queue.splice(0, excess);
      events.dropped(name, excess, "the queue is full");
    }
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  /** Gives what is queued five seconds to go. */
  async stop(): Promise<void> {
    await Promise.race([this.#working, sleep(farewellMs, undefined, { ref: false })]);
    this.#aborter.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    let waitMs = firstWaitMs;
    while (this.#queue.length > 0 && !this.#aborter.signal.aborted) {
      const part = this.#queue.slice(0, samplesPerRequest);
      const outcome = await this.#send(part);
      if (outcome === "again") {
        await sleep(waitMs, undefined, { signal: this.#aborter.signal }).catch(() => undefined);
        waitMs = Math.min(waitMs * 2, longestWaitMs);
        continue;
      }
      waitMs = firstWaitMs;
      this.#sent(part);
    }
  }

  /** Removes what was sent, as far as a full queue has not given it up meanwhile. */
  #sent(part: readonly RecordedSample[]): void {
    const left = part.indexOf(this.#queue[0]!);
    if (left >= 0) this.#queue.splice(0, part.length - left);
  }

  async #send(samples: readonly RecordedSample[]): Promise<"done" | "again"> {
    const { client, events, name } = this.#options;
    try {
      const response = await fetch(client.url, {
        method: "POST",
        headers: {
          "Content-Type": "application/x-protobuf",
          "Content-Encoding": "snappy",
          "X-Prometheus-Remote-Write-Version": "0.1.0",
          ...client.headers,
        },
        body: Buffer.from(snappyCompress(encodeWriteRequest(samples))),
        signal: AbortSignal.any([this.#aborter.signal, AbortSignal.timeout(client.remote_timeout)]),
      });
      const text = await response.text();
      if (response.ok) events.written(name, samples.length);
      else if (response.status === 429 || response.status >= 500) return "again";
      else events.dropped(name, samples.length, `${response.status} ${text.slice(0, 200)}`);
      return "done";
    } catch {
      return "again";
    }
  }
}
