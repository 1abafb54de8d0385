import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@ratatosk/observability";
import type { DeadLetters } from "../../push/dead-letters.ts";
import type { PostAnswer, Poster } from "../../push/poster.ts";
import { recordsBetween } from "./log-records.ts";
import { type ExportRequest, halvesOf, logsOf } from "./otlp-request.ts";

export interface Retry {
  readonly enabled: boolean;
  readonly initial_interval: number;
  readonly max_interval: number;
  readonly multiplier: number;
  readonly randomization_factor: number;
}

/** Where requests go. */
export interface Goal {
  readonly url: string;
  readonly poster: Poster;
  readonly retry: Retry;
}

export interface OtlpCourierParts {
  /** Asked at each attempt: a reload may change it. */
  readonly goal: () => Goal;
  readonly deadLetters: DeadLetters;
  readonly log: Logger;
  readonly sent: (records: number) => void;
  readonly refused: (records: number) => void;
}

const noAnswer = -1;
const retriable = new Set([noAnswer, 408, 429, 500, 502, 503, 504]);
const splittable = new Set([400, 413, 422]);

/** Brings requests to a server by OTLP over HTTP: repeats what may succeed later, takes apart what is refused. */
export class OtlpCourier {
  readonly #parts: OtlpCourierParts;
  /** The last thing that went wrong, undefined since something went well. */
  lastError: string | undefined;

  constructor(parts: OtlpCourierParts) {
    this.#parts = parts;
  }

  /** Resolves once each record has arrived or is a dead letter; rejects only where the signal aborts. */
  async deliver(request: ExportRequest, signal: AbortSignal): Promise<void> {
    const answer = await this.#send(request, signal);
    if (isWell(answer)) return this.#parts.sent(request.records);
    if (!splittable.has(answer.status) || request.records <= 1) return this.#refuse(request, answer);
    for (const half of halvesOf(request)) await this.deliver(half, signal);
  }

  /** The first answer that is not "later". */
  async #send(request: ExportRequest, signal: AbortSignal): Promise<PostAnswer> {
    for (let waitMs = this.#parts.goal().retry.initial_interval; ;) {
      const answer = await this.#attempt(request, signal);
      const { retry } = this.#parts.goal();
      if (isWell(answer)) this.lastError = undefined;
      if (isWell(answer) || !retry.enabled || !retriable.has(answer.status)) return answer;
      const why = reasonOf(answer);
      if (this.lastError === undefined) this.#parts.log.warn({ why }, "error sending logs, will retry");
      this.lastError = why;
      const spread = 1 + retry.randomization_factor * (2 * Math.random() - 1);
      await sleep(answer.retryAfterMs ?? waitMs * spread, undefined, { signal });
      waitMs = Math.min(waitMs * retry.multiplier, retry.max_interval);
    }
  }

  async #attempt({ isJson, isPacked, body, id }: ExportRequest, signal: AbortSignal): Promise<PostAnswer> {
    const headers = {
      "Content-Type": isJson ? "application/json" : "application/x-protobuf",
      ...(isPacked ? { "Content-Encoding": "gzip" } : {}),
      ...(id === undefined ? {} : { "X-Ratatosk-Batch": id }),
    };
    const { url, poster } = this.#parts.goal();
    return poster.post(url, body, headers, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return { status: noAnswer, text: String(error), retryAfterMs: undefined };
    });
  }

  async #refuse(request: ExportRequest, answer: PostAnswer): Promise<void> {
    const { deadLetters, log, refused } = this.#parts;
    const { records } = request;
    refused(records);
    log.error({ records, why: reasonOf(answer) }, "logs are refused, kept in the dead-letter file");
    const logs = logsOf(request);
    const letters = Array.from({ length: records }, (_, at) => ({ resourceLogs: recordsBetween(logs, at, at + 1) }));
    await deadLetters.add({ status: answer.status, reason: answer.text }, letters).catch((error: unknown) => {
      log.error({ err: error, path: deadLetters.path }, "cannot write dead letters");
    });
  }
}

const isWell = ({ status }: PostAnswer): boolean => status !== noAnswer && status < 300;
const reasonOf = ({ status, text }: PostAnswer): string => (status === noAnswer ? text : `HTTP ${status}: ${text}`);
