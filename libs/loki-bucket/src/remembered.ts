interface Kept<T> {
  readonly atMs: number;
  readonly value: Promise<T>;
}

/** Answers that are asked for again once they are old. One that failed is not kept. */
export class Remembered<T> {
  readonly #ageMs: number;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(ageMs: number) {
    this.#ageMs = ageMs;
  }

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key);
    if (known !== undefined && Date.now() - known.atMs < this.#ageMs) return known.value;
    const value = ask();
    this.#kept.set(key, { atMs: Date.now(), value });
    value.catch(() => this.#kept.delete(key));
    return value;
  }
}
