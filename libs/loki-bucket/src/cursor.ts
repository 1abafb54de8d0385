import type { Fail } from "@ratatosk/bytes";

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Reads Loki's big-endian numbers and Go's varints. Never reads past the end: cut-off bytes throw what `fail` makes. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #fail: Fail;
  at: number;

  constructor(bytes: Uint8Array, fail: Fail, at = 0) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fail = fail;
    this.at = at;
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    return this.bytes[this.take(1)]!;
  }

  u32(): number {
    return this.#view.getUint32(this.take(4));
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.take(8));
  }

  /** A u64 that is an offset or a length: below 2^53. */
  offset(): number {
    const value = this.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.#fail(`offset ${value} is too large`);
    return Number(value);
  }

  /** An unsigned varint below 2^53. */
  uvarint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw this.#fail(`number too large at byte ${this.at}`);
      if (byte < 0x80) return value;
    }
  }

  /** A signed (zigzag) varint of up to 64 bits. */
  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
      if (shift > 63n) throw this.#fail(`number too long at byte ${this.at}`);
    }
    return (value >> 1n) ^ -(value & 1n);
  }

  /** A signed (zigzag) varint of less than 53 bits. */
  signed(): number {
    const value = this.uvarint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A uvarint that counts things of at least one byte each which follow. */
  count(): number {
    const count = this.uvarint();
    if (count > this.remaining) throw this.#fail(`${count} items at byte ${this.at} do not fit`);
    return count;
  }

  /** The next bytes: a view, not a copy. */
  raw(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Text after its length. */
  text(): string {
    return utf8.decode(this.raw(this.uvarint()));
  }

  /** Moves past `length` bytes and says where they began. */
  take(length: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) throw this.#fail(`cut off: ${length} bytes expected at byte ${start}`);
    this.at = start + length;
    return start;
  }
}
