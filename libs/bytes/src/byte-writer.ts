const utf8 = new TextEncoder();

/** Writes numbers, text and bytes one after another into a buffer that grows. Numbers are little-endian. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  /** Writes into memory of its own, of `capacity` bytes at first, or into the one given. */
  constructor(capacity: number | Uint8Array<ArrayBuffer> = 256) {
    this.#bytes = typeof capacity === "number" ? new Uint8Array(capacity) : capacity;
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  /** A signed 64-bit number. */
  i64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigInt64(this.#length, value, true);
    this.#length += 8;
  }

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first. Throws RangeError below 0. */
  varint(value: number): void {
    if (value < 0) throw new RangeError(`varint of ${value}`);
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7fffffff) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** UTF-8 after its length as a varint. */
  text(value: string): void {
    const start = this.#length;
    this.#reserve(value.length * 3 + 8);
    const { written } = utf8.encodeInto(value, this.#bytes.subarray(start + 1));
    if (written < 0x80) {
      this.#bytes[start] = written;
      this.#length = start + 1 + written;
      return;
    }
    this.bytes(this.#bytes.slice(start + 1, start + 1 + written));
  }

  /** Bytes after their length as a varint. */
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  /** Bytes as they are. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** What was written: a view that later writes may change. */
  written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.written());
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
