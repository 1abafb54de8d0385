import { RatatoskError } from "@ratatosk/model";

/** Bytes that the pushes under way may hold together: bodies as received and as decompressed. */
export class ByteBudget {
  readonly maxBytes: number;
  #used = 0;

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
    return {
      take: (bytes) => {
        if (this.#used + bytes > this.maxBytes)
          throw new RatatoskError("unavailable", "The server cannot accept more requests at this time.");
        this.#used += bytes;
        held += bytes;
      },
      release: () => {
        this.#used -= held;
        held = 0;
      },
    };
  }
}

export interface ByteLease {
  /** Throws unavailable (503) where the budget is spent. */
  take(bytes: number): void;
  /** Gives all back. */
  release(): void;
}
