import { ByteReader, ByteWriter } from "@ratatosk/bytes";
import { RatatoskError } from "@ratatosk/model";

const rememberedMs = 600_000;

/** The index objects shipped in the last ten minutes: a store whose listing is older must be told of them. */
export class Shipped {
  readonly #now: () => number;
  /** When, by key. */
  readonly #entries = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  add(keys: readonly string[]): void {
    for (const key of keys) this.#entries.set(key, this.#now());
  }

  keys(): string[] {
    const oldestMs = this.#now() - rememberedMs;
    for (const [key, atMs] of this.#entries) if (atMs < oldestMs) this.#entries.delete(key);
    return [...this.#entries.keys()];
  }

  /** `count <varint>, count × ( key <text>, milliseconds since 1970 <i64> )` */
  encode(): Uint8Array<ArrayBuffer> {
    const keys = this.keys();
    const out = new ByteWriter();
    out.varint(keys.length);
    for (const key of keys) {
      out.text(key);
      out.i64(BigInt(Math.trunc(this.#entries.get(key)!)));
    }
    return out.written();
  }

  /** Adds what `encode` wrote. Throws corrupt. */
  restore(bytes: Uint8Array): void {
    const reader = new ByteReader(bytes, (why) => new RatatoskError("corrupt", `shipped index files: ${why}`));
    for (let left = reader.count(); left > 0; left--) this.#entries.set(reader.text(), Number(reader.i64()));
    reader.end();
  }
}
