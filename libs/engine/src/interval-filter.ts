import type { CollectedLine } from "./lines-collector.ts";

/** Lets lines through that lie at least an interval after (backward: before) the last one let through, up to a limit. */
export class IntervalFilter {
  readonly lines: CollectedLine[] = [];
  readonly #limit: number;
  readonly #forward: boolean;
  readonly #interval: bigint;
  #last: bigint | undefined;

  constructor({ limit, forward, intervalNs }: { limit: number; forward: boolean; intervalNs: bigint }) {
    this.#limit = limit;
    this.#forward = forward;
    this.#interval = intervalNs;
  }

  get isFull(): boolean {
    return this.lines.length >= this.#limit;
  }

  add(lines: readonly CollectedLine[]): void {
    for (const line of lines) {
      if (this.isFull) return;
      if (!this.#keepsDistance(line.time)) continue;
      this.#last = line.time;
      this.lines.push(line);
    }
  }

  #keepsDistance(time: bigint): boolean {
    if (this.#last === undefined) return true;
    return this.#forward ? time >= this.#last + this.#interval : time <= this.#last - this.#interval;
  }
}
