import { setTimeout as sleep } from "node:timers/promises";
import { snappyCompress, snappyUncompress } from "@ratatosk/kernels";
import type { ClientConfig } from "./client-config.ts";
import type { DeadLetters } from "./dead-letters.ts";
import type { Poster, PostAnswer } from "./poster.ts";
import type { PushEvents } from "./push-events.ts";
import { entriesOf, lineOf, requestOf, shownEntry, type EncodedEntry } from "./push-request.ts";

/** A request that is ready to be sent, the same bytes at each attempt. */
export interface Delivery {
  readonly id: { readonly agent: string; readonly sequence: number };
  readonly body: Buffer;
  readonly entries: number;
  readonly bytes: number;
}

const splittable = new Set([400, 413, 422]);
const maxRequestBytes = 1 << 30;

/** Brings requests to one server for one tenant: repeats what may succeed later, takes apart what is refused. */
export class Courier {
  readonly #config: ClientConfig;
  readonly #tenant: string;
  readonly #poster: Poster;
  readonly #deadLetters: DeadLetters;
  readonly #events: PushEvents;
  readonly #host: string;
  /** The last thing that went wrong, undefined since something went well. */
  lastError: string | undefined;

  constructor(
    config: ClientConfig,
    tenant: string,
    parts: { poster: Poster; deadLetters: DeadLetters; events: PushEvents },
  ) {
    this.#config = config;
    this.#tenant = tenant;
    this.#poster = parts.poster;
    this.#deadLetters = parts.deadLetters;
    this.#events = parts.events;
    this.#host = new URL(config.url).host;
  }

  /** Resolves once each entry has arrived or is a dead letter; rejects only where the signal aborts. */
  async deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const answer = await this.#send(delivery, signal);
    if (answer.status < 300)
      return this.#events.delivered(this.#host, this.#tenant, delivery.body.length, delivery.entries);
    if (answer.status === 429)
      return this.#events.dropped(this.#host, this.#tenant, "rate_limited", delivery.entries, delivery.bytes);
    const entries = entriesOf(Buffer.from(snappyUncompress(delivery.body, maxRequestBytes)));
    if (!splittable.has(answer.status) || entries.length === 1) return this.#refuse(entries, answer);
    const middle = entries.length >> 1;
    for (const [half, part] of [entries.slice(0, middle), entries.slice(middle)].entries())
      await this.deliver(partOf(delivery, half, part), signal);
  }

  /** The first answer that is not "later". */
  async #send(delivery: Delivery, signal: AbortSignal): Promise<PostAnswer> {
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#attempt(delivery, signal);
      const isLater =
        answer.status === 429 ? !this.#config.dropRateLimited : answer.status < 200 || answer.status >= 500;
      if (!isLater) return answer;
      const waitMs = answer.retryAfterMs ?? this.#backoff(attempt);
      this.#events.retried(this.#host, this.#tenant, waitMs, this.lastError ?? "");
      await sleep(waitMs, undefined, { signal });
    }
  }

  async #attempt({ id, body }: Delivery, signal: AbortSignal): Promise<PostAnswer> {
    const began = performance.now();
    const headers: Record<string, string> = {
      "Content-Type": "application/x-protobuf",
      "User-Agent": "promtail/3.6.0 ratatosk",
      "X-Ratatosk-Batch": `${id.agent}/${id.sequence}`,
    };
    if (this.#tenant !== "") headers["X-Scope-OrgID"] = this.#tenant;
    try {
      const answer = await this.#poster.post(this.#config.url, body, headers, signal);
      this.#events.answered(this.#host, answer.status, (performance.now() - began) / 1000);
      this.lastError = answer.status < 300 ? undefined : `server returned HTTP status ${answer.status}: ${answer.text}`;
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      this.#events.answered(this.#host, -1, (performance.now() - began) / 1000);
      this.lastError = error instanceof Error ? error.message || String(error) : String(error);
      return { status: -1, retryAfterMs: undefined, text: this.lastError };
    }
  }

  /** Between d and 2 d, d doubling from the least to the greatest wait. */
  #backoff(attempt: number): number {
    const { minBackoffMs, maxBackoffMs } = this.#config;
    const base = Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(attempt, 30));
    return Math.min(maxBackoffMs, base * (1 + Math.random()));
  }

  async #refuse(entries: readonly EncodedEntry[], answer: PostAnswer): Promise<void> {
    const bytes = entries.reduce((sum, entry) => sum + lineOf(entry).length, 0);
    this.#events.dropped(this.#host, this.#tenant, "ingester_error", entries.length, bytes);
    const why = `server returned HTTP status ${answer.status}: ${answer.text}`;
    this.#events.deadLettered(this.#host, this.#tenant, entries.length, why);
    const refusal = { status: answer.status, reason: answer.text, tenant: this.#tenant };
    await this.#deadLetters.add(refusal, entries.map(shownEntry)).catch((error: unknown) => {
      this.#events.log.error({ err: error, path: this.#deadLetters.path }, "cannot write dead letters");
    });
  }
}

/** A half of a delivery. Its id follows from the whole's, so it is the same when the whole is sent again after a crash. */
function partOf({ id }: Delivery, half: number, entries: readonly EncodedEntry[]): Delivery {
  const isWhole = !id.agent.includes(".");
  const agent = isWhole ? `${id.agent}.${id.sequence}` : id.agent;
  const sequence = (isWhole ? 1 : id.sequence) * 2 + half;
  const body = Buffer.from(snappyCompress(requestOf(entries)));
  const bytes = entries.reduce((sum, entry) => sum + lineOf(entry).length, 0);
  return { id: { agent, sequence }, body, entries: entries.length, bytes };
}
