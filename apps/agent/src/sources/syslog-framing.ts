/**
 * Takes messages out of a TCP stream. Its first byte says how they are framed: a digit begins `LENGTH SPACE MESSAGE`, `<` a
 * line. Throws where it is neither, or a message is longer than it may be by far.
 */
export class SyslogFraming {
  readonly #maxBytes: number;
  readonly #isLoose: boolean;
  #rest: Buffer = Buffer.alloc(0);
  #isCounted: boolean | undefined;

  /** `isLoose` takes any other first byte for a line. */
  constructor(maxBytes: number, isLoose: boolean) {
    this.#maxBytes = maxBytes;
    this.#isLoose = isLoose;
  }

  take(piece: Buffer): string[] {
    this.#rest = Buffer.concat([this.#rest, piece]);
    if (this.#rest.length === 0) return [];
    this.#isCounted ??= isDigit(this.#rest[0]!);
    if (!this.#isCounted && this.#rest[0] !== 0x3c && !this.#isLoose && !isBlank(this.#rest[0]!))
      throw new Error(`invalid or unsupported framing. first byte: '${String.fromCharCode(this.#rest[0]!)}'`);
    return this.#isCounted ? this.#counted() : this.#lines();
  }

  /** A last line without newline. */
  end(): string[] {
    const text = this.#isCounted ? "" : this.#rest.toString();
    this.#rest = Buffer.alloc(0);
    return text.trim() === "" ? [] : [text];
  }

  #counted(): string[] {
    const messages: string[] = [];
    for (;;) {
      const space = this.#rest.indexOf(0x20);
      if (space < 0 && this.#rest.length > 12) throw new Error("invalid message length");
      if (space < 0) return messages;
      const size = Number(this.#rest.toString("latin1", 0, space));
      if (!Number.isInteger(size) || size > this.#maxBytes)
        throw new Error(`message too long: ${this.#rest.toString("latin1", 0, Math.min(space, 20))}`);
      if (this.#rest.length < space + 1 + size) return messages;
      messages.push(this.#rest.toString("utf8", space + 1, space + 1 + size));
      this.#rest = Buffer.from(this.#rest.subarray(space + 1 + size));
    }
  }

  #lines(): string[] {
    const messages: string[] = [];
    let from = 0;
    for (let at = this.#rest.indexOf(10); at >= 0; at = this.#rest.indexOf(10, from)) {
      const text = this.#rest.toString("utf8", from, at).replace(/[\r\0]+$/, "");
      if (text !== "") messages.push(text);
      from = at + 1;
    }
    this.#rest = Buffer.from(this.#rest.subarray(from));
    if (this.#rest.length > this.#maxBytes) throw new Error("message too long");
    return messages;
  }
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isBlank = (byte: number): boolean => byte === 10 || byte === 13;
