import { RatatoskError } from "@ratatosk/model";

const mostKeptBytes = 8 * 2 ** 20;
/** Memory that is so many times larger than asked for would be wasted. */
const mostTimes = 4;

/** Bytes that the pushes under way may hold together: bodies as received and as decompressed. */
export class ByteBudget {
  readonly maxBytes: number;
  #used = 0;
  /** Used again: fresh memory for each body would keep the garbage collector busy. */
  #free: Uint8Array<ArrayBuffer>[] = [];
  #freeBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Bytes held now. */
  get used(): number {
    return this.#used;
  }

  /** What one push holds of the budget. */
  lease(): ByteLease {
    let held = 0;
    let lent: Uint8Array<ArrayBuffer>[] = [];
    return {
      memory: (bytes) => {
        const memory = this.#take(bytes);
        lent.push(memory);
        return memory;
      },
      take: (bytes) => {
        if (this.#used + bytes > this.maxBytes)
          throw new RatatoskError("unavailable", "The server cannot accept more requests at this time.");
        this.#used += bytes;
        held += bytes;
      },
      release: () => {
        this.#used -= held;
        held = 0;
        lent.forEach((memory) => this.#give(memory));
        lent = [];
      },
    };
  }

  #take(bytes: number): Uint8Array<ArrayBuffer> {
    const at = this.#free.findIndex(({ length }) => length >= bytes && length <= bytes * mostTimes);
    if (at === -1) return new Uint8Array(bytes);
    const [memory] = this.#free.splice(at, 1);
    this.#freeBytes -= memory!.length;
    return memory!;
  }

  #give(memory: Uint8Array<ArrayBuffer>): void {
    if (this.#freeBytes + memory.length > mostKeptBytes) return;
    this.#free.push(memory);
    this.#freeBytes += memory.length;
  }
}

export interface ByteLease {
  /** Throws unavailable (503) where the budget is spent. */
  take(bytes: number): void;
  /** Memory of at least so many bytes, with anything in it, until `release`. */
  memory(bytes: number): Uint8Array<ArrayBuffer>;
  /** Gives all back. */
  release(): void;
}
