import { currentHost, type Host } from "./host.ts";

/** What `setTimeout` returns, as far as it is used. */
export interface Timer {
  cancel(): void;
  ref(): Timer;
  unref(): Timer;
}

interface Event {
  readonly atMs: number;
  readonly order: number;
  readonly host: Host | undefined;
  readonly run: () => void;
  isCancelled: boolean;
}

/** Lets everything that waits for nothing but promises go on. */
const { setImmediate: nextTurn } = globalThis;

/** The time of a simulated world: it stands still while code runs, and leaps to the next event when nothing does. */
export class Clock {
  #nowMs: number;
  #order = 0;
  /** A heap: the soonest first, and of those of one moment the one asked for first. */
  readonly #events: Event[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Runs something later on a host, the one that asks unless told otherwise, if that still lives then. */
  after(delayMs: number, run: () => void, host: Host | undefined | "nobody" = currentHost()): Timer {
    const event: Event = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#order++,
      host: host === "nobody" ? undefined : host,
      run,
      isCancelled: false,
    };
    this.#push(event);
    const timer: Timer = { cancel: () => void (event.isCancelled = true), ref: () => timer, unref: () => timer };
    return timer;
  }

  /** Resolves later; never where the host that asks has ended by then. */
  pass(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Runs what is due until a time. */
  async runUntil(untilMs: number): Promise<void> {
    await settled();
    while (this.#events.length > 0 && this.#events[0]!.atMs <= untilMs) {
      const { atMs, host, run, isCancelled } = this.#pop();
      if (isCancelled || host?.isAlive === false) continue;
      this.#nowMs = atMs;
      if (host === undefined) run();
      else host.run(run);
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #push(event: Event): void {
    const events = this.#events;
    let at = events.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, events[parent]!)) break;
      events[at] = events[parent]!;
      at = parent;
    }
    events[at] = event;
  }

  #pop(): Event {
    const events = this.#events;
    const first = events[0]!;
    const last = events.pop()!;
    if (events.length === 0) return first;
    let at = 0;
    for (let child = 1; child < events.length; child = 2 * at + 1) {
      if (child + 1 < events.length && isBefore(events[child + 1]!, events[child]!)) child++;
      if (!isBefore(events[child]!, last)) break;
      events[at] = events[child]!;
      at = child;
    }
    events[at] = last;
    return first;
  }
}

const isBefore = (a: Event, b: Event): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

const settled = (): Promise<void> => new Promise((resolve) => nextTurn(resolve));
