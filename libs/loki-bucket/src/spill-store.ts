import { crc32c } from "./crc32c.ts";
import type { DiskCache } from "./disk-cache.ts";

export interface SpillLimits {
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

interface Spilled {
  readonly size: number;
  readonly crc: number;
}

/** Bytes in memory up to a limit, the oldest of them on disk up to another; what finds no room there is forgotten. */
export class SpillStore {
  readonly #disk: DiskCache;
  readonly #limits: SpillLimits;
  /** Oldest first. */
  readonly #memory = new Map<string, Uint8Array>();
  /** On the way to the disk. */
  readonly #moving = new Map<string, Uint8Array>();
  readonly #spilled = new Map<string, Spilled>();
  #memoryBytes = 0;
  #movingBytes = 0;
  #diskBytes = 0;

  constructor(disk: DiskCache, limits: SpillLimits) {
    this.#disk = disk;
    this.#limits = limits;
  }

  /** What it holds now. */
  get bytes(): SpillLimits {
    return { memoryBytes: this.#memoryBytes + this.#movingBytes, diskBytes: this.#diskBytes };
  }

  /** Takes bytes over; resolves once what it pushed out of memory lies on disk. */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.#memory.set(key, bytes);
    this.#memoryBytes += bytes.length;
    for (const [oldest, old] of this.#memory) {
      if (this.#memoryBytes <= this.#limits.memoryBytes) return;
      await this.#spill(oldest, old);
    }
  }

  /** A copy; undefined where the bytes were forgotten. */
  async get(key: string): Promise<Uint8Array | undefined> {
    const bytes = this.#memory.get(key) ?? this.#moving.get(key);
    if (bytes !== undefined) return new Uint8Array(bytes);
    const spilled = this.#spilled.get(key);
    const read = spilled && (await this.#disk.read(key));
    return read !== undefined && read.length === spilled?.size && crc32c(read) === spilled.crc ? read : undefined;
  }

  async delete(key: string): Promise<void> {
    this.#memoryBytes -= this.#memory.get(key)?.length ?? 0;
    this.#memory.delete(key);
    this.#moving.delete(key);
    const spilled = this.#spilled.get(key);
    if (spilled === undefined) return;
    this.#spilled.delete(key);
    this.#diskBytes -= spilled.size;
    await this.#disk.delete(key);
  }

  async #spill(key: string, bytes: Uint8Array): Promise<void> {
    const size = bytes.length;
    this.#memory.delete(key);
    this.#memoryBytes -= size;
    if (this.#diskBytes + size > this.#limits.diskBytes) return;
    this.#moving.set(key, bytes);
    this.#movingBytes += size;
    this.#diskBytes += size;
    const isWritten = await this.#disk.write(key, bytes).then(
      () => true,
      () => false,
    );
    this.#movingBytes -= size;
    if (this.#moving.delete(key) && isWritten) this.#spilled.set(key, { size, crc: crc32c(bytes) });
    else {
      this.#diskBytes -= size;
      await this.#disk.delete(key);
    }
  }
}
