import type { Batch } from "@ratatosk/chunk";
import { RatatoskError } from "@ratatosk/model";
import type { Packing } from "./day-chunk.ts";
import { Generation } from "./generation.ts";
import { LinesPool } from "./lines-pool.ts";

export interface MemoryOptions {
  readonly blockBytes: number;
  /** Bytes at which the current generation is to be shipped. Twice as much is never held. */
  readonly budgetBytes: number;
  readonly now: () => number;
}

const packingLimit = 16 * 2 ** 20;
const patienceMs = 5000;

/** What the ingester holds: the current generation and those that are being shipped. */
export class Memory {
  readonly #options: MemoryOptions;
  #current: Generation;
  #leaving: Generation[] = [];
  #packingBytes = 0;
  #chunksBegun = 0;
  readonly #pool = new LinesPool();
  #waiting: (() => void)[] = [];

  constructor(generation: number, options: MemoryOptions) {
    this.#options = options;
    this.#current = this.#make(generation, false);
  }

  get current(): Generation {
    return this.#current;
  }

  /** All generations, oldest first. */
  get generations(): readonly Generation[] {
    return [...this.#leaving, this.#current];
  }

  /** Chunks begun since the process started. */
  get chunksBegun(): number {
    return this.#chunksBegun;
  }

  get leaving(): readonly Generation[] {
    return this.#leaving;
  }

  get bytes(): number {
    return this.generations.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Whether the current generation is large enough to be shipped. */
  get full(): boolean {
    return this.#current.bytes >= this.#options.budgetBytes;
  }

  append(batch: Batch): void {
    this.#current.append(batch);
  }

  /** The current generation leaves, `number` takes its place. */
  turn(number: number, replayed = false): void {
    if (!this.#current.empty) this.#leaving.push(this.#current);
    this.#current = this.#make(number, replayed);
  }

  /** A generation has been shipped. */
  forget(generation: Generation): void {
    this.#leaving = this.#leaving.filter((one) => one !== generation);
    this.#wake();
  }

  /** Resolves once there is room for more; throws unavailable if there is none for five seconds. */
  async room(): Promise<void> {
    const deadline = this.#options.now() + patienceMs;
    while (this.#crowded) {
      const leftMs = deadline - this.#options.now();
      if (leftMs <= 0)
        throw new RatatoskError("unavailable", "the ingester's memory is full until it has been shipped");
      await this.#change(leftMs);
    }
  }

  /** Resolves once few blocks are being compressed. */
  async settled(): Promise<void> {
    while (this.#packingBytes > packingLimit) await this.#change(patienceMs);
  }

  get #crowded(): boolean {
    return this.#packingBytes > packingLimit || this.bytes > 2 * this.#options.budgetBytes;
  }

  async #change(withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, withinMs);
    this.#waiting.push(resolve);
    await promise;
    clearTimeout(timer);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #make(number: number, replayed: boolean): Generation {
    const { blockBytes, now } = this.#options;
    return new Generation(number, {
      blockBytes,
      packing: this.#packing,
      pool: this.#pool,
      replayed,
      nowMs: now(),
      before: () => this.#leaving.at(-1),
      began: () => void this.#chunksBegun++,
    });
  }

  readonly #packing: Packing = {
    started: (bytes) => void (this.#packingBytes += bytes),
    ended: (bytes) => {
      this.#packingBytes -= bytes;
      this.#wake();
    },
  };
}
