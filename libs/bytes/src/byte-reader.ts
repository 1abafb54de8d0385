const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Makes the error that a reader throws; `why` says what was expected and where. */
export type Fail = (why: string) => Error;

/**
 * Reads what `ByteWriter` wrote. Never reads past the end: bytes that are cut off or make no sense throw the error that
 * the owner of the format asked for.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #fail: Fail;
  #at = 0;

  constructor(bytes: Uint8Array, fail: Fail) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fail = fail;
  }

  /** Position of the next byte. */
  get at(): number {
    return this.#at;
  }

  /** Bytes not yet read. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A signed 64-bit number. */
  i64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  /** A whole number below 2^53. */
  varint(): number {
    const byte = this.u8();
    return byte < 0x80 ? byte : this.#longVarint(byte & 0x7f);
  }

  /** A varint that counts things of at least `unitBytes` each which follow: more than the bytes can hold is refused. */
  count(unitBytes = 1): number {
    const count = this.varint();
    if (count * unitBytes > this.remaining) throw this.#fail(`${count} items at byte ${this.#at} do not fit`);
    return count;
  }

  text(): string {
    return utf8.decode(this.bytes());
  }

  /** Bytes after their length: a view, not a copy. */
  bytes(): Uint8Array {
    return this.raw(this.varint());
  }

  /** The next bytes: a view, not a copy. */
  raw(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Throws unless everything was read. */
  end(): void {
    if (this.remaining !== 0) throw this.#fail(`${this.remaining} bytes too many`);
  }

  #longVarint(low: number): number {
    let value = low;
    let scale = 128;
    for (let byte = 0x80; byte >= 0x80; scale *= 128) {
      byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw this.#fail(`number too large at byte ${this.#at}`);
    }
    return value;
  }

  #take(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw this.#fail(`cut off: ${length} bytes expected at byte ${start}`);
    this.#at = start + length;
    return start;
  }
}
