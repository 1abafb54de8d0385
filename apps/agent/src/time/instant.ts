/** A point in time: unix seconds, which may be negative, and nanoseconds after them. */
export interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

const nanosPerSecond = 1_000_000_000;

export function fromNanos(nanos: bigint): Instant {
  const perSecond = 1_000_000_000n;
  const rest = ((nanos % perSecond) + perSecond) % perSecond;
  return { seconds: Number((nanos - rest) / perSecond), nanos: Number(rest) };
}

export function addNanos({ seconds, nanos }: Instant, more: number): Instant {
  const sum = nanos + more;
  return sum < nanosPerSecond
    ? { seconds, nanos: sum }
    : { seconds: seconds + Math.floor(sum / nanosPerSecond), nanos: sum % nanosPerSecond };
}

export function millisOf({ seconds, nanos }: Instant): number {
  return seconds * 1000 + nanos / 1e6;
}

/**
 * The clock of lines read: the wall clock, but no time is given twice, so that equal lines stay apart on the server, where
 * (time, line) is an entry's identity.
 */
export class ReadClock {
  #last: Instant = { seconds: 0, nanos: 0 };
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The first of `count` successive nanoseconds, all later than those given before. */
  take(count = 1): Instant {
    const ms = this.#now();
    const wall = { seconds: Math.floor(ms / 1000), nanos: Math.trunc((ms % 1000) * 1e6) };
    const last = this.#last;
    const isLater = wall.seconds > last.seconds || (wall.seconds === last.seconds && wall.nanos > last.nanos);
    const first = isLater ? wall : addNanos(last, 1);
    this.#last = addNanos(first, count - 1);
    return first;
  }
}
