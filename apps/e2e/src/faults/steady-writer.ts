import { setTimeout as sleep } from "node:timers/promises";
import { pushOnce } from "../push-lines.ts";

const linesPerPush = 20;
const pauseMs = 20;
const retryMs = 200;

/** Pushes numbered lines one batch after the other, each until it is acknowledged, as agents do. */
export class SteadyWriter {
  /** All lines acknowledged so far, in order. */
  readonly acknowledged: string[] = [];
  readonly selector: string;
  /** Answers that were not an acknowledgement, with their reasons. */
  readonly refusals: string[] = [];
  readonly #url: string;
  readonly #stream: Readonly<Record<string, string>>;
  readonly #startNanos: bigint;
  #running = true;
  #done: Promise<void> = Promise.resolve();

  constructor(url: string, name: string, startNanos: bigint) {
    this.#url = url;
    this.#stream = { writer: name };
    this.selector = `{writer="${name}"}`;
    this.#startNanos = startNanos;
  }

  start(): this {
    this.#done = this.#run();
    return this;
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#done;
  }

  async #run(): Promise<void> {
    while (this.#running) {
      const first = this.acknowledged.length;
      const lines = Array.from({ length: linesPerPush }, (_, i) => `${this.#stream["writer"]} line ${first + i}`);
      const values = lines.map((line, i) => [String(this.#startNanos + BigInt(first + i) * 1000n), line]);
      while (!(await this.#isTaken(values))) await sleep(retryMs);
      this.acknowledged.push(...lines);
      await sleep(pauseMs);
    }
  }

  async #isTaken(values: readonly (readonly string[])[]): Promise<boolean> {
    const body = { streams: [{ stream: this.#stream, values }] };
    const answer = await pushOnce(this.#url, body).then(
      ({ status, text }) => (status === 204 ? undefined : `${status} ${text.trim()}`),
      (error: unknown) => String(error),
    );
    if (answer !== undefined) this.refusals.push(answer);
    return answer === undefined;
  }
}
