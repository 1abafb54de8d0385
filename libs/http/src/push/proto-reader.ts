import { broken, unexpectedEnd } from "./body-errors.ts";

const two28 = 2 ** 28;
const two35 = 2 ** 35;
const two36 = 2 ** 36;

/** Wire types of protobuf, the low three bits of a tag. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Reads protobuf by offsets: nothing is copied and no object made. Throws bad_request with Go's texts on damage. */
export class ProtoReader {
  readonly bytes: Uint8Array;
  at: number;
  /** Low 28 and high 36 bits of the varint read last. */
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** An unsigned varint; exact below 2^53. Fast path: one byte, as for most tags and lengths. */
  varint(end: number): number {
    if (this.at < end) {
      const byte = this.bytes[this.at]!;
      if (byte < 0x80) {
        this.at++;
        return byte;
      }
    }
    this.#longVarint(end);
    return this.#high * two28 + this.#low;
  }

  /** A varint that holds an int64 or int32; exact between -2^53 and 2^53. */
  signed(end: number): number {
    this.#longVarint(end);
    return (this.#high >= two35 ? this.#high - two36 : this.#high) * two28 + this.#low;
  }

  /** A varint that holds an int64, exactly. */
  signedBig(end: number): bigint {
    this.#longVarint(end);
    return BigInt.asIntN(64, (BigInt(this.#high) << 28n) | BigInt(this.#low));
  }

  /** The end of a length-delimited field whose length comes next; `at` is then its start. */
  length(end: number): number {
    const length = this.varint(end);
    const stop = this.at + length;
    if (stop > end) throw unexpectedEnd();
    return stop;
  }

  /** A tag; throws where the field number is 0 or the wire type does not exist. */
  tag(end: number, message: string): number {
    const tag = this.varint(end);
    if (tag < 8) throw broken(`proto: ${message}: illegal tag ${Math.floor(tag / 8)} (wire type ${tag & 7})`);
    return tag;
  }

  /** Skips the value of a field that is not known. */
  skip(tag: number, end: number): void {
    switch (tag & 7) {
      case wire.varint:
        this.#longVarint(end);
        return;
      case wire.fixed64:
        this.#advance(8, end);
        return;
      case wire.bytes:
        this.at = this.length(end);
        return;
      case wire.fixed32:
        this.#advance(4, end);
        return;
      default:
        throw broken(`proto: illegal wireType ${tag & 7}`);
    }
  }

  /** The position of a fixed value of `size` bytes, which is then behind. */
  fixed(size: 4 | 8, end: number): number {
    const { at } = this;
    this.#advance(size, end);
    return at;
  }

  #advance(size: number, end: number): void {
    if (this.at + size > end) throw unexpectedEnd();
    this.at += size;
  }

  #longVarint(end: number): void {
    const { bytes } = this;
    let { at } = this;
    let low = 0;
    let high = 0;
    let scale = 1;
    for (let i = 0; ; i++) {
      if (at >= end) throw unexpectedEnd();
      if (i === 10) throw broken("proto: integer overflow");
      const byte = bytes[at++]!;
      if (i < 4) low |= (byte & 0x7f) << (7 * i);
      else {
        high += (i === 9 ? byte & 1 : byte & 0x7f) * scale;
        scale *= 128;
      }
      if (byte < 0x80) break;
    }
    this.at = at;
    this.#low = low;
    this.#high = high;
  }
}
