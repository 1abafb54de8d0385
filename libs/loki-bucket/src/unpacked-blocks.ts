import { randomUUID } from "node:crypto";
import type { SpillStore } from "./spill-store.ts";

/** One reading of a block, of several of the same query. */
export interface Reading {
  /** How many there are in all, at least. */
  readonly reads: number;
  /** Aborts once the query is over. */
  readonly signal: AbortSignal;
}

/** A block between its first reading and its last. */
interface Held {
  readonly name: string;
  /** The store has it, or had no room. */
  readonly kept: Promise<void>;
  reads: number;
  begun: number;
  running: number;
  isOver: boolean;
}

type Unpack = () => Promise<Uint8Array>;

/** Blocks that a query reads several times, each unpacked once: they stay until their last reading, if the store has room. */
export class UnpackedBlocks {
  readonly #store: SpillStore;
  readonly #queries = new Map<AbortSignal, Map<string, Held>>();
  /** Other processes may keep their files in the same directory. */
  readonly #process = randomUUID();
  #unpacked = 0;

  constructor(store: SpillStore) {
    this.#store = store;
  }

  /** How many blocks were unpacked so far. */
  get unpacked(): number {
    return this.#unpacked;
  }

  /** The plain bytes of a block, which are the caller's. Throws what `unpack` throws. */
  async get(key: string, { reads, signal }: Reading, unpack: Unpack): Promise<Uint8Array> {
    signal.throwIfAborted();
    const query = this.#query(signal);
    const known = query.get(key);
    const plain = known === undefined ? this.#unpack(unpack) : undefined;
    const held = known ?? this.#hold(plain!);
    query.set(key, held);
    held.reads = Math.max(held.reads, reads);
    held.running++;
    if (++held.begun >= held.reads) end(query, key);
    try {
      if (plain === undefined) return await this.#again(held, unpack);
      const own = plain.then((bytes) => new Uint8Array(bytes));
      return (await Promise.all([own, held.kept]))[0];
    } finally {
      held.running--;
      await this.#letGo(held);
    }
  }

  #unpack(unpack: Unpack): Promise<Uint8Array> {
    this.#unpacked++;
    return unpack();
  }

  #hold(plain: Promise<Uint8Array>): Held {
    const name = `${this.#process} ${this.#unpacked}`;
    const kept = plain.then((bytes) => this.#store.put(name, bytes));
    return { name, kept, reads: 0, begun: 0, running: 0, isOver: false };
  }

  async #again({ name, kept }: Held, unpack: Unpack): Promise<Uint8Array> {
    await kept;
    return (await this.#store.get(name)) ?? this.#unpack(unpack);
  }

  #query(signal: AbortSignal): Map<string, Held> {
    const known = this.#queries.get(signal);
    if (known !== undefined) return known;
    const query = new Map<string, Held>();
    this.#queries.set(signal, query);
    const release = (): void => {
      this.#queries.delete(signal);
      for (const [key, held] of query) {
        end(query, key);
        void this.#letGo(held);
      }
    };
    signal.addEventListener("abort", release, { once: true });
    return query;
  }

  async #letGo({ name, running, isOver }: Held): Promise<void> {
    if (isOver && running === 0) await this.#store.delete(name);
  }
}

function end(query: Map<string, Held>, key: string): void {
  query.get(key)!.isOver = true;
  query.delete(key);
}
