interface Name {
  readonly bytes: Uint8Array;
  readonly rank: number;
}

/** Names of fields that may hold a level, the preferred first, compared with bytes. */
export class FieldNames {
  /** Bytes of the longest name. */
  readonly longest: number;
  readonly #exact: Name[][] = [];
  readonly #folded: Name[][] = [];

  constructor(names: readonly string[]) {
    this.longest = Math.max(0, ...names.map((name) => Buffer.byteLength(name)));
    for (const [rank, name] of names.entries()) {
      const bytes = Buffer.from(name);
      (this.#exact[bytes.length] ??= []).push({ bytes, rank });
      (this.#folded[bytes.length] ??= []).push({ bytes: Buffer.from(bytes.map(lowerCase)), rank });
    }
  }

  /** The rank of the field, -1 where the bytes name none. */
  rank(bytes: Uint8Array, from: number, to: number): number {
    const names = this.#exact[to - from];
    if (names === undefined) return -1;
    next: for (const name of names) {
      for (let i = 0; i < name.bytes.length; i++) if (bytes[from + i] !== name.bytes[i]) continue next;
      return name.rank;
    }
    return -1;
  }

  /** The same, whatever the case of the letters. */
  rankIgnoringCase(bytes: Uint8Array, from: number, to: number): number {
    const names = this.#folded[to - from];
    if (names === undefined) return -1;
    next: for (const name of names) {
      for (let i = 0; i < name.bytes.length; i++) if (lowerCase(bytes[from + i]!) !== name.bytes[i]) continue next;
      return name.rank;
    }
    return -1;
  }
}

const lowerCase = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
