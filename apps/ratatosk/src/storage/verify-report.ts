import type { Finding } from "./verify.ts";

const progressMs = 2000;

/** Prints findings as they come, now and then how far it is, and counts them. */
export class VerifyReport {
  readonly #counts = { damaged: 0, missing: 0, disagrees: 0, unindexed: 0, orphan: 0 };
  readonly #out: (...columns: string[]) => void;
  #read = 0;
  #toldMs = Date.now();

  constructor(out: (...columns: string[]) => void) {
    this.#out = out;
  }

  readonly found = ({ kind, key, what }: Finding): void => {
    this.#counts[kind]++;
    this.#out(kind, key, what);
  };

  readonly progress = (key: string): void => {
    this.#read++;
    if (Date.now() - this.#toldMs < progressMs) return;
    this.#toldMs = Date.now();
    process.stderr.write(`${this.#read} objects read, now ${key}\n`);
  };

  summary(): string {
    const counts = Object.entries(this.#counts).map(([kind, count]) => `${count} ${kind}`);
    return `${this.#read} objects read: ${counts.join(", ")}`;
  }

  isDamaged(): boolean {
    const { orphan: _, ...damage } = this.#counts;
    return Object.values(damage).some((count) => count > 0);
  }
}
