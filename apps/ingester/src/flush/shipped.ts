const rememberedMs = 600_000;

/** The index objects shipped in the last ten minutes: a store whose listing is older must be told of them. */
export class Shipped {
  readonly #now: () => number;
  #entries: { readonly key: string; readonly atMs: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  add(keys: readonly string[]): void {
    this.#entries.push(...keys.map((key) => ({ key, atMs: this.#now() })));
  }

  keys(): string[] {
    const oldestMs = this.#now() - rememberedMs;
    this.#entries = this.#entries.filter(({ atMs }) => atMs >= oldestMs);
    return this.#entries.map(({ key }) => key);
  }
}
