import type { Fail } from "@ratatosk/bytes";

const magic = 0x184d2204;
const blockBytes: Record<number, number> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 };

/**
 * Unpacks LZ4 frames of independent blocks.
 *   ┌───────────────────┬──────────────────────────┬───────────────────────────────────────┬────────────────┐
 *   │ 04 22 4D 18 magic │ FLG, BD, [size], header CRC │ blocks: size <u32 LE, bit 31 plain>, bytes │ 00 00 00 00 end │
 *   └───────────────────┴──────────────────────────┴───────────────────────────────────────┴────────────────┘
 */
export function lz4Frame(bytes: Uint8Array, maxBytes: number, fail: Fail): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const need = (at: number, length: number): void => {
    if (at + length > bytes.length) throw fail(`lz4 frame cut off at byte ${at}`);
  };
  need(0, 7);
  if (view.getUint32(0, true) !== magic) throw fail("not an lz4 frame");
  const flags = bytes[4]!;
  const largest = blockBytes[(bytes[5]! >> 4) & 7];
  if (largest === undefined || (flags & 0xc0) !== 0x40 || (flags & 0x20) === 0) throw fail("lz4 frame of unknown kind");
  const checksum = flags & 0x10 ? 4 : 0;
  const out = new Lz4Output(maxBytes, fail);
  for (let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0); ;) {
    need(at, 4);
    const size = view.getUint32(at, true);
    at += 4;
    if (size === 0) return out.written();
    const length = size & 0x7fffffff;
    need(at, length + checksum);
    const block = bytes.subarray(at, at + length);
    if (size >= 0x80000000) out.plain(block);
    else out.block(block, largest);
    at += length + checksum;
  }
}

/** What a frame's blocks have given so far. */
class Lz4Output {
  #bytes = new Uint8Array(65_536);
  #at = 0;
  readonly #maxBytes: number;
  readonly #fail: Fail;

  constructor(maxBytes: number, fail: Fail) {
    this.#maxBytes = maxBytes;
    this.#fail = fail;
  }

  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  plain(block: Uint8Array): void {
    this.#reserve(block.length);
    this.#bytes.set(block, this.#at);
    this.#at += block.length;
  }

  /** Appends one LZ4 block that holds at most `largest` bytes; its matches reach back no further than its start. */
  block(block: Uint8Array, largest: number): void {
    this.#reserve(largest);
    const out = this.#bytes;
    const start = this.#at;
    const limit = start + largest;
    let to = start;
    for (let at = 0; at < block.length;) {
      const token = block[at++]!;
      let literals = token >> 4;
      if (literals === 15) for (let more = 255; more === 255; literals += more) more = block[at++] ?? this.#refuse();
      if (at + literals > block.length || to + literals > limit) this.#refuse();
      out.set(block.subarray(at, at + literals), to);
      at += literals;
      to += literals;
      if (at === block.length) break;
      if (at + 2 > block.length) this.#refuse();
      const from = to - (block[at]! | (block[at + 1]! << 8));
      at += 2;
      let length = (token & 15) + 4;
      if (length === 19) for (let more = 255; more === 255; length += more) more = block[at++] ?? this.#refuse();
      if (from < start || from >= to || to + length > limit) this.#refuse();
      for (let i = 0; i < length; i++) out[to + i] = out[from + i]!;
      to += length;
    }
    this.#at = to;
  }

  #reserve(more: number): void {
    if (this.#at > this.#maxBytes) throw this.#fail(`more than ${this.#maxBytes} bytes`);
    if (this.#at + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
  }

  #refuse(): never {
    throw this.#fail("lz4 block is damaged");
  }
}
