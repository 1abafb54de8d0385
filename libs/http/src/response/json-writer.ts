const flushAt = 256 * 1024;

/** Collects JSON in pieces of a quarter megabyte. */
export class JsonWriter {
  readonly #ready: Buffer[] = [];
  #text = "";

  /** JSON as it is. */
  raw(json: string): this {
    this.#text += json;
    if (this.#text.length >= flushAt) this.#flush();
    return this;
  }

  /** A string. */
  string(text: string): this {
    return this.raw(JSON.stringify(text.isWellFormed() ? text : text.toWellFormed()));
  }

  /** An object of strings. */
  strings(pairs: Iterable<readonly [string, string]>): this {
    let separator = "{";
    for (const [name, value] of pairs) {
      this.raw(separator).string(name).raw(":").string(value);
      separator = ",";
    }
    return this.raw(separator === "{" ? "{}" : "}");
  }

  /** A list; `write` writes one item. */
  list<T>(items: Iterable<T>, write: (item: T) => void): this {
    let separator = "[";
    for (const item of items) {
      this.raw(separator);
      write(item);
      separator = ",";
    }
    return this.raw(separator === "[" ? "[]" : "]");
  }

  /** The full pieces so far, which are forgotten. */
  takeFull(): Buffer[] {
    return this.#ready.splice(0);
  }

  /** All that has not been taken, in one piece. */
  finish(): Buffer {
    this.#flush();
    return Buffer.concat(this.#ready.splice(0));
  }

  #flush(): void {
    if (this.#text !== "") this.#ready.push(Buffer.from(this.#text));
    this.#text = "";
  }
}
