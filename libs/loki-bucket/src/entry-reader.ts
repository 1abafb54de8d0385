import type { Fail } from "@ratatosk/bytes";
import type { MetadataBuilder } from "./metadata-builder.ts";

const low28 = 2 ** 28;
const low56 = 2 ** 56;

/**
 * Walks the entries of an unpacked block.
 *   entry: time <varint ns>, length <uvarint>, line, and with metadata: bytes <uvarint>, pairs <uvarint>,
 *          pairs × ( name <uvarint>, value <uvarint> )
 * A time has 62 bits; it is read in pieces of 28 bits and told as the distance from the block's first, which is exact.
 */
export class EntryReader {
  readonly #bytes: Uint8Array;
  readonly #fail: Fail;
  readonly #base: readonly [low: number, middle: number, high: number];
  at = 0;

  constructor(bytes: Uint8Array, base: bigint, fail: Fail) {
    this.#bytes = bytes;
    this.#fail = fail;
    const zigzag = (base << 1n) ^ (base >> 63n);
    this.#base = [Number(zigzag & 0xfffffffn), Number((zigzag >> 28n) & 0xfffffffn), Number(zigzag >> 56n)];
  }

  /** Nanoseconds after the block's first entry. */
  delta(): number {
    let low = 0;
    let middle = 0;
    let high = 0;
    let byte = 0x80;
    for (let i = 0; byte >= 0x80; i++) {
      byte = this.#byte();
      const seven = byte & 0x7f;
      if (i < 4) low |= seven << (7 * i);
      else if (i < 8) middle |= seven << (7 * (i - 4));
      else if (i < 10) high |= seven << (7 * (i - 8));
      else throw this.#fail(`time too long at byte ${this.at}`);
    }
    const [baseLow, baseMiddle, baseHigh] = this.#base;
    const doubled = (high - baseHigh) * low56 + (middle - baseMiddle) * low28 + (low - baseLow);
    if (!Number.isSafeInteger(doubled) || (doubled & 1) !== 0) throw this.#fail(`time out of range at byte ${this.at}`);
    return doubled / 2;
  }

  /** A length or number: below 2^31. */
  length(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#byte();
      if (shift > 28) throw this.#fail(`number too large at byte ${this.at}`);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  skip(length: number): void {
    if (length > this.#bytes.length - this.at) throw this.#fail(`cut off at byte ${this.at}`);
    this.at += length;
  }

  metadata(row: number, into: MetadataBuilder): void {
    const bytes = this.length();
    const end = this.at + bytes;
    for (let pairs = this.length(); pairs > 0; pairs--) into.set(row, this.length(), this.length());
    if (this.at !== end) throw this.#fail(`metadata of row ${row} does not end where it says`);
  }

  end(): void {
    if (this.at !== this.#bytes.length) throw this.#fail(`${this.#bytes.length - this.at} bytes too many`);
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw this.#fail(`cut off at byte ${this.at}`);
    return byte;
  }
}
