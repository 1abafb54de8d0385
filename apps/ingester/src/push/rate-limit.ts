/** A bucket that fills by so many bytes a second up to a burst. */
export class TokenBucket {
  #tokens: number;
  #filledMs: number;

  constructor(burst: number, nowMs: number) {
    this.#tokens = burst;
    this.#filledMs = nowMs;
  }

  /** Takes `amount` if it is there. */
  take(amount: number, ratePerSecond: number, burst: number, nowMs: number): boolean {
    const gained = (Math.max(nowMs - this.#filledMs, 0) / 1000) * ratePerSecond;
    this.#tokens = Math.min(this.#tokens + gained, burst);
    this.#filledMs = nowMs;
    if (amount > this.#tokens) return false;
    this.#tokens -= amount;
    return true;
  }
}
