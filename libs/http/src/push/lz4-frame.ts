import type { ByteLease } from "./byte-budget.ts";
import { broken, tooLarge } from "./body-errors.ts";

const frameMagic = 0x184d2204;
const skippableMagic = 0x184d2a50;
const storedBlock = 0x80000000;
const minMatch = 4;

const corrupt = (): Error => broken("lz4: corrupt input");

/**
 * Unpacks LZ4 frames, as `Content-Encoding: lz4` sends them:
 *
 *   magic │ FLG BD [size <8>] [dictionary <4>] HC │ ( size <4, top bit: stored> block [checksum] )* │ 0 <4> [checksum]
 *
 * Blocks may refer to those before them. Throws too_large above `maxBytes`, bad_request on damage.
 */
export function decodeLz4Frames(bytes: Uint8Array, maxBytes: number, lease: ByteLease): Uint8Array {
  const output = new Lz4Output(maxBytes, lease);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  while (at < bytes.length) {
    const magic = u32(view, at);
    if (magic === frameMagic) at = frame(bytes, view, at + 4, output);
    else if ((magic & 0xfffffff0) >>> 0 === skippableMagic) at += 8 + u32(view, at + 4);
    else throw broken("lz4: bad magic number");
  }
  return output.bytes();
}

function frame(bytes: Uint8Array, view: DataView, start: number, output: Lz4Output): number {
  const flags = bytes[start];
  if (flags === undefined || flags >> 6 !== 1) throw corrupt();
  const blockChecksum = (flags & 0x10) !== 0 ? 4 : 0;
  const contentChecksum = (flags & 0x04) !== 0 ? 4 : 0;
  let at = start + 3 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  output.beginFrame();
  for (;;) {
    const size = u32(view, at);
    at += 4;
    if (size === 0) return at + contentChecksum;
    const length = size & ~storedBlock;
    if (at + length > bytes.length) throw corrupt();
    const block = bytes.subarray(at, at + length);
    if ((size & storedBlock) !== 0) output.literal(block, 0, length);
    else output.block(block);
    at += length + blockChecksum;
  }
}

function u32(view: DataView, at: number): number {
  if (at + 4 > view.byteLength) throw corrupt();
  return view.getUint32(at, true);
}

/** What has been unpacked: grows up to a limit, and is the window for the matches to come. */
class Lz4Output {
  readonly #maxBytes: number;
  readonly #lease: ByteLease;
  #bytes: Uint8Array = new Uint8Array(0);
  #size = 0;
  #frameStart = 0;

  constructor(maxBytes: number, lease: ByteLease) {
    this.#maxBytes = maxBytes;
    this.#lease = lease;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  beginFrame(): void {
    this.#frameStart = this.#size;
  }

  literal(from: Uint8Array, at: number, length: number): void {
    this.#reserve(length);
    this.#bytes.set(from.subarray(at, at + length), this.#size);
    this.#size += length;
  }

  block(block: Uint8Array): void {
    let at = 0;
    const length = (nibble: number): number => {
      let sum = nibble;
      for (let byte = nibble === 15 ? 255 : 0; byte === 255; sum += byte) {
        if (at >= block.length) throw corrupt();
        byte = block[at++]!;
      }
      return sum;
    };
    while (at < block.length) {
      const token = block[at++]!;
      const literals = length(token >> 4);
      if (at + literals > block.length) throw corrupt();
      this.literal(block, at, literals);
      at += literals;
      if (at === block.length) return;
      if (at + 2 > block.length) throw corrupt();
      const distance = block[at]! | (block[at + 1]! << 8);
      at += 2;
      this.#match(distance, minMatch + length(token & 15));
    }
  }

  #match(distance: number, length: number): void {
    if (distance === 0 || distance > this.#size - this.#frameStart) throw corrupt();
    this.#reserve(length);
    const bytes = this.#bytes;
    let to = this.#size;
    if (distance >= length) bytes.copyWithin(to, to - distance, to - distance + length);
    else for (let i = 0; i < length; i++, to++) bytes[to] = bytes[to - distance]!;
    this.#size += length;
  }

  #reserve(more: number): void {
    const size = this.#size + more;
    if (size > this.#maxBytes) throw tooLarge("decompressed message size", size, this.#maxBytes);
    if (size <= this.#bytes.length) return;
    const capacity = Math.max(size, 2 * this.#bytes.length, 65_536);
    this.#lease.take(capacity - this.#bytes.length);
    const larger = new Uint8Array(capacity);
    larger.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = larger;
  }
}
