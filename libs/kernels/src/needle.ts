import { pairOf } from "./byte-rarity.ts";

/** What a search looks for: exact bytes, or ASCII letters in either case. */
export class Needle {
  /** The bytes; of one that ignores case, lower-cased. */
  readonly bytes: Uint8Array;
  readonly ignoreCase: boolean;
  /** Positions of the two bytes that are least common in logs, by which candidates are found; equal in a single byte. */
  readonly rare: readonly [number, number];

  constructor(bytes: Uint8Array, options: { ignoreCase?: boolean } = {}) {
    this.ignoreCase = options.ignoreCase ?? false;
    this.bytes = this.ignoreCase ? bytes.map(lower) : bytes.slice();
    this.rare = pairOf(this.bytes, this.ignoreCase);
  }
}

/** An ASCII capital as the small letter, any other byte as it is. */
export const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
