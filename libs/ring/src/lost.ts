import type { MemberView } from "./member.ts";

/** Members that have gone without a word, until they come back, are forgotten, or time has passed. */
export class Lost {
  readonly #keptMs: number;
  readonly #now: () => number;
  readonly #since = new Map<string, { readonly view: MemberView; readonly atMs: number }>();

  constructor(keptMs: number, now: () => number) {
    this.#keptMs = keptMs;
    this.#now = now;
  }

  add(view: MemberView): void {
    this.#since.set(view.id, { view, atMs: this.#now() });
  }

  delete(id: string): void {
    this.#since.delete(id);
  }

  ids(): string[] {
    return this.views().map(({ id }) => id);
  }

  views(): MemberView[] {
    const oldestMs = this.#now() - this.#keptMs;
    for (const [id, { atMs }] of this.#since) if (atMs < oldestMs) this.#since.delete(id);
    return [...this.#since.values()].map(({ view }) => view);
  }
}
