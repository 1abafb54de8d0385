/** A token bucket: so many bytes a second, so many at once. Times are milliseconds of any clock. */
export class TokenBucket {
  #tokens: number;
  #filledAtMs: number;

  constructor(burst: number, nowMs: number) {
    this.#tokens = burst;
    this.#filledAtMs = nowMs;
  }

  /** Takes `bytes` if there are as many; else takes none and says false. Rate and burst may change from call to call. */
  take(bytes: number, perSecond: number, burst: number, nowMs: number): boolean {
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(nowMs - this.#filledAtMs, 0) / 1000) * perSecond);
    this.#filledAtMs = nowMs;
    if (bytes > this.#tokens) return false;
    this.#tokens -= bytes;
    return true;
  }
}
