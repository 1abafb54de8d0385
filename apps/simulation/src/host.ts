import { AsyncLocalStorage } from "node:async_hooks";

/** A process: what is run on it, and whatever that starts, ends with it. */
export class Host {
  readonly name: string;
  #isAlive = true;
  readonly #ended: (() => void)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** `kill -9`: nothing of it goes on. */
  end(): void {
    this.#isAlive = false;
    for (const tell of this.#ended.splice(0)) tell();
  }

  /** Tells others that wait for an answer of this process that it is gone. */
  onEnd(tell: () => void): void {
    this.#ended.push(tell);
  }

  run<T>(work: () => T): T {
    return current.run(this, work);
  }
}

const current = new AsyncLocalStorage<Host>();

/** The process whose code is running. */
export const currentHost = (): Host | undefined => current.getStore();
