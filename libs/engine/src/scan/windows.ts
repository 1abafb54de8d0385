import type { Windows } from "./job.ts";

/** Which windows hold a sample: those from `from` to `to`, none if `from > to`. Reused from sample to sample. */
export class WindowSpan {
  from = 0;
  to = -1;
  readonly #step: number;
  readonly #length: number;
  readonly #last: number;
  /** Samples after `#after` and not after `#upTo` lie in the same windows: those of one block mostly do. */
  #after = Infinity;
  #upTo = -Infinity;

  constructor({ step, length, count }: Windows) {
    this.#step = step;
    this.#length = length;
    this.#last = count - 1;
  }

  /** Later samples up to this time lie in the windows that were found last. */
  get upTo(): number {
    return this.#upTo;
  }

  /** Finds the windows of a sample `time` nanoseconds after the end of the first one. False if there are none. */
  find(time: number): boolean {
    if (time > this.#after && time <= this.#upTo) return this.from <= this.to;
    const first = firstAtOrAfter(time, this.#step);
    const next = firstAtOrAfter(time + this.#length, this.#step);
    this.#after = Math.max((first - 1) * this.#step, (next - 1) * this.#step - this.#length);
    this.#upTo = Math.min(first * this.#step, next * this.#step - this.#length);
    this.from = Math.max(0, first);
    this.to = Math.min(this.#last, next - 1);
    return this.from <= this.to;
  }
}

/** The smallest k with k × step ≥ time, exact where the quotient is rounded. */
function firstAtOrAfter(time: number, step: number): number {
  let k = Math.ceil(time / step);
  if ((k - 1) * step >= time) k--;
  else if (k * step < time) k++;
  return k;
}
