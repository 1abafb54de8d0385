/** A body with room behind it for texts made while it is read; positions in the body stay what they are. */
export class TextArena {
  #bytes: Buffer;
  #size: number;
  readonly #known = new Map<string, readonly [number, number]>();

  constructor(body: Uint8Array) {
    this.#bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
    this.#size = body.length;
  }

  /** The body and what was added to it. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  /** The text between two positions. */
  text(at: number, end: number): string {
    return this.#bytes.toString("utf8", at, end);
  }

  /** Adds a text: where it now lies. */
  add(text: string): readonly [number, number] {
    const at = this.#size;
    const most = at + 3 * text.length;
    if (most > this.#bytes.length) this.#grow(most);
    this.#size += this.#bytes.write(text, at, "utf8");
    return [at, this.#size];
  }

  /** Adds a text that may be asked for again, the first time only. */
  once(text: string): readonly [number, number] {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const place = this.add(text);
    this.#known.set(text, place);
    return place;
  }

  #grow(size: number): void {
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, size, 4096));
    larger.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = larger;
  }
}
