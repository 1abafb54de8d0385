import { dirname } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Outlet } from "../lines.ts";
import type { FileEvents } from "./file-events.ts";
import type { Tailer } from "./tailer.ts";

interface Followed {
  readonly tailer: Tailer;
  readonly outlet: Outlet;
  readonly minPollMs: number;
  readonly maxPollMs: number;
  pollMs: number;
  nextMs: number;
}

/** How often a file is looked at whose directory reports its changes. */
const watchedPollMs = 5000;
const tickMs = 100;
/** Pieces read of one file before another one's turn comes. */
const piecesInTurn = 4;

/**
 * Reads all files of the agent, a piece of one after a piece of another, as fast as the outlets take them. Files that rest
 * are looked at when their directory reports a change, or seldom, or, where nothing reports, every now and then.
 */
export class FileReader {
  readonly #followed = new Map<Tailer, Followed>();
  readonly #byPath = new Map<string, Set<Followed>>();
  readonly #awake = new Set<Followed>();
  readonly #events: FileEvents;
  readonly #isWatched: (directory: string) => boolean;
  #wake = Promise.withResolvers<void>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(events: FileEvents, isWatched: (directory: string) => boolean) {
    this.#events = events;
    this.#isWatched = isWatched;
  }

  start(): void {
    this.#timer = setInterval(() => this.#poll(Date.now()), tickMs);
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#wake.resolve();
    await this.#running;
  }

  add(tailer: Tailer, outlet: Outlet, poll: { minPollMs: number; maxPollMs: number }): void {
    const followed = { tailer, outlet, ...poll, pollMs: poll.minPollMs, nextMs: 0 };
    this.#followed.set(tailer, followed);
    const same = this.#byPath.get(tailer.path) ?? new Set();
    this.#byPath.set(tailer.path, same.add(followed));
    this.#wakeUp(followed);
  }

  remove(tailer: Tailer): void {
    const followed = this.#followed.get(tailer);
    if (followed === undefined) return;
    this.#followed.delete(tailer);
    this.#awake.delete(followed);
    const same = this.#byPath.get(tailer.path);
    same?.delete(followed);
    if (same?.size === 0) this.#byPath.delete(tailer.path);
  }

  /** A directory reports a change of this path. */
  changed(path: string): void {
    for (const followed of this.#byPath.get(path) ?? []) this.#look(followed);
  }

  #poll(nowMs: number): void {
    for (const followed of this.#followed.values()) {
      if (followed.nextMs > nowMs) continue;
      const isAwake = this.#look(followed);
      const idle = this.#isWatched(dirname(followed.tailer.path)) ? watchedPollMs : followed.maxPollMs;
      followed.pollMs = isAwake
        ? followed.minPollMs
        : Math.min(followed.pollMs * 2, Math.max(idle, followed.minPollMs));
      followed.nextMs = nowMs + followed.pollMs;
    }
  }

  #look(followed: Followed): boolean {
    const hasMore = followed.tailer.check();
    if (hasMore) this.#wakeUp(followed);
    else followed.tailer.settle();
    return hasMore;
  }

  #wakeUp(followed: Followed): void {
    this.#awake.add(followed);
    this.#wake.resolve();
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      if (this.#awake.size === 0) {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers<void>();
      }
      for (const followed of this.#awake) {
        if (this.#isStopped) return;
        if (!(await this.#turn(followed))) this.#awake.delete(followed);
      }
      await nextTurn();
    }
  }

  async #turn({ tailer, outlet }: Followed): Promise<boolean> {
    for (let piece = 0; piece < piecesInTurn && !this.#isStopped; piece++) {
      const wait = outlet.ready();
      if (wait) await wait;
      if (this.#isStopped || !this.#followed.has(tailer)) return false;
      try {
        if (!tailer.read(Date.now())) return false;
      } catch (error) {
        tailer.lastError = String(error);
        this.#events.troubled(tailer.path, error, "cannot read the file");
        return false;
      }
    }
    return true;
  }
}
