interface Held<V> {
  readonly value: V;
  readonly bytes: number;
}

/** Keeps values up to a number of bytes; those not asked for the longest go first. */
export class BoundedCache<V> {
  readonly #limit: number;
  readonly #held = new Map<string, Held<V>>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  get size(): number {
    return this.#held.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): V | undefined {
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.value;
  }

  set(key: string, value: V, bytes: number): void {
    this.delete(key);
    this.#held.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#held.keys()) {
      if (this.#bytes <= this.#limit || oldest === key) return;
      this.delete(oldest);
    }
  }

  /** A value holds more than when it was set; nothing if it has gone meanwhile, or is another. */
  grow(key: string, value: V, more: number): void {
    const held = this.#held.get(key);
    if (held !== undefined && held.value === value) this.set(key, value, held.bytes + more);
  }

  delete(key: string): void {
    this.#bytes -= this.#held.get(key)?.bytes ?? 0;
    this.#held.delete(key);
  }
}
