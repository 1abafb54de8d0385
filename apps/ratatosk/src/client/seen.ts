import type { Entry } from "./entry.ts";

/** Tells lines that were seen already, where reading goes on at the time of the last one. Lines come by time. */
export class Seen {
  #last: bigint | undefined;
  /** The lines of the last time, and how often each came. */
  #counts = new Map<string, number>();
  #toSkip = new Map<string, number>();

  constructor(last?: bigint, keys: readonly string[] = []) {
    this.#last = last;
    for (const key of keys) increase(this.#counts, key);
  }

  /** Time of the last line; undefined before there was one. */
  get last(): bigint | undefined {
    return this.#last;
  }

  /** The lines of the last time, one that came twice twice. */
  get keys(): string[] {
    return [...this.#counts].flatMap(([key, count]) => Array<string>(count).fill(key));
  }

  /** From now on the lines of the last time come once more. */
  resume(): void {
    this.#toSkip = new Map(this.#counts);
  }

  /** Whether a line is new. */
  add({ stream, time, line }: Entry): boolean {
    const key = JSON.stringify([Object.entries(stream).sort(([a], [b]) => (a < b ? -1 : 1)), line]);
    if (this.#last !== undefined && time < this.#last) return true;
    if (time !== this.#last) {
      this.#last = time;
      this.#counts.clear();
      this.#toSkip.clear();
    }
    const toSkip = this.#toSkip.get(key) ?? 0;
    if (toSkip > 0) this.#toSkip.set(key, toSkip - 1);
    else increase(this.#counts, key);
    return toSkip === 0;
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
