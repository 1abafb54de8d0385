import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "./stack.ts";

const everyMs = 500;
const patienceMs = 15_000;
const tries = 3;

/** A query, and what it counts where that is known. */
export interface Question {
  readonly query: string;
  readonly answer?: number;
}

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
  /** Answers without a warning that counted wrong. */
  readonly wrong: string[] = [];
  readonly #stack: Stack;
  readonly #question: (n: number) => Question;
  #running = true;
  #done: Promise<void> = Promise.resolve();

  constructor(stack: Stack, question: (n: number) => Question) {
    this.#stack = stack;
    this.#question = question;
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
      const why = await this.#ask(this.#question(this.asked));
      this.slowestMs = Math.max(this.slowestMs, Date.now() - began);
      if (why !== undefined) this.failures.push({ atMs: Date.now(), during: this.during, why });
      await sleep(everyMs);
    }
  }

  /** Why no querier answered, or undefined. One that was taken away while it was asked is no failure: the next is asked. */
  async #ask(question: Question): Promise<string | undefined> {
    const reasons: string[] = [];
    for (let tried = 0; tried < tries; tried++) {
      const urls = await this.#stack.urls("querier").catch(() => []);
      const reason =
        urls.length === 0
          ? "no querier is healthy"
          : await this.#askOne(urls[(this.asked + tried) % urls.length]!, question);
      if (reason === undefined) return undefined;
      reasons.push(reason);
    }
    return reasons.join("; ");
  }

  async #askOne(url: string, question: Question): Promise<string | undefined> {
    const search = new URLSearchParams({ query: question.query });
    try {
      const signal = AbortSignal.timeout(patienceMs);
      const answer = await fetch(`${url}/loki/api/v1/query?${search.toString()}`, { signal });
      const text = await answer.text();
      if (!answer.ok || text.includes('"warnings"')) return `${url}: ${answer.status} ${text.slice(0, 300)}`;
      this.#check(question, text);
      return undefined;
    } catch (error) {
      return `${url}: ${String((error as Error).cause ?? error)}`;
    }
  }

  #check({ query, answer }: Question, text: string): void {
    const { data } = JSON.parse(text) as { data: { result: { value: [number, string] }[] } };
    const counted = Number(data.result[0]?.value[1] ?? 0);
    if (answer !== undefined && counted !== answer)
      this.wrong.push(`${query} during ${this.during}: ${counted} instead of ${answer}`);
  }
}
