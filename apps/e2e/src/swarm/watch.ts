import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "./stack.ts";

const everyMs = 500;
const patienceMs = 15_000;
const tries = 3;

export interface FailedQuery {
  readonly atMs: number;
  readonly during: string;
  readonly why: string;
}

/** Asks the queriers all the time, as a dashboard does. */
export class Watch {
  /** What is being done to the stack; failures are written down under it. */
  during = "";
  asked = 0;
  /** The longest that one query took, with all tries. */
  slowestMs = 0;
  readonly failures: FailedQuery[] = [];
  readonly #stack: Stack;
  readonly #query: string;
  #running = true;
  #done: Promise<void> = Promise.resolve();

  constructor(stack: Stack, query: string) {
    this.#stack = stack;
    this.#query = query;
  }

  start(): void {
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  async #run(): Promise<void> {
    while (this.#running) {
      this.asked++;
      const began = Date.now();
      const why = await this.#ask();
      this.slowestMs = Math.max(this.slowestMs, Date.now() - began);
      if (why !== undefined) this.failures.push({ atMs: Date.now(), during: this.during, why });
      await sleep(everyMs);
    }
  }

  /** Why no querier answered, or undefined. One that was taken away while it was asked is no failure: the next is asked. */
  async #ask(): Promise<string | undefined> {
    const reasons: string[] = [];
    for (let tried = 0; tried < tries; tried++) {
      const urls = await this.#stack.urls("querier").catch(() => []);
      const reason = urls.length === 0 ? "no querier is healthy" : await this.#askOne(urls[tried % urls.length]!);
      if (reason === undefined) return undefined;
      reasons.push(reason);
    }
    return reasons.join("; ");
  }

  async #askOne(url: string): Promise<string | undefined> {
    const search = new URLSearchParams({ query: this.#query });
    try {
      const signal = AbortSignal.timeout(patienceMs);
      const answer = await fetch(`${url}/loki/api/v1/query?${search.toString()}`, { signal });
      const text = await answer.text();
      return answer.ok && !text.includes('"warnings"') ? undefined : `${url}: ${answer.status} ${text.slice(0, 300)}`;
    } catch (error) {
      return `${url}: ${String((error as Error).cause ?? error)}`;
    }
  }
}
