import { RatatoskError } from "@ratatosk/model";
import type { DistributorNode } from "./distributor-node.ts";
import { Host } from "./host.ts";
import type { World } from "./world.ts";

const retryMs = 500;
const padding = "the quick brown fox jumps over the lazy dog ".repeat(3);

/** What was sent and what was acknowledged, of all writers. */
export class Ledger {
  readonly sent = new Set<string>();
  readonly acknowledged = new Set<string>();
  /** Pushes that were refused for good. */
  readonly refused: string[] = [];
}

/** Writes lines into a stream of its own, and sends each batch until it is acknowledged, as an agent does. */
export class Writer {
  readonly #name: string;
  readonly #world: World;
  readonly #distributors: readonly DistributorNode[];
  readonly #ledger: Ledger;
  #sequence = 0;
  #isStopping = false;
  #isIdle = false;

  constructor(name: string, world: World, distributors: readonly DistributorNode[], ledger: Ledger) {
    this.#name = name;
    this.#world = world;
    this.#distributors = distributors;
    this.#ledger = ledger;
  }

  /** Whether nothing is underway and nothing will be. */
  get isIdle(): boolean {
    return this.#isIdle;
  }

  start(): void {
    void new Host(this.#name).run(() => this.#work());
  }

  /** Sends what it has begun with, and no more. */
  stop(): void {
    this.#isStopping = true;
  }

  async #work(): Promise<void> {
    const { clock, random } = this.#world;
    while (!this.#isStopping) {
      await clock.pass(random.between(50, 600));
      await this.#send(this.#lines(random.between(1, 25)));
    }
    this.#isIdle = true;
  }

  #lines(count: number): string[] {
    return Array.from({ length: count }, () => {
      const { random } = this.#world;
      return `${this.#name} ${this.#sequence++} ${padding.slice(0, random.between(0, padding.length))}`;
    });
  }

  async #send(lines: readonly string[]): Promise<void> {
    const { clock, random } = this.#world;
    const nowNanos = BigInt(Math.floor(clock.nowMs)) * 1_000_000n;
    const values = lines.map((line, at) => [String(nowNanos + BigInt(at)), line]);
    const body = JSON.stringify({ streams: [{ stream: { app: this.#name }, values }] });
    const batch = `${this.#name}/${this.#sequence}`;
    for (const line of lines) this.#ledger.sent.add(line);
    while (true)
      try {
        await random.pick(this.#distributors).push(body, batch);
        for (const line of lines) this.#ledger.acknowledged.add(line);
        return;
      } catch (thrown) {
        const error = RatatoskError.from(thrown);
        if (error.code === "bad_request") return void this.#ledger.refused.push(error.message);
        await clock.pass(retryMs);
      }
  }
}
