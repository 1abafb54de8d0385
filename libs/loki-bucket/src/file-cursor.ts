import type { Fail } from "@ratatosk/bytes";
import { crc32c } from "./crc32c.ts";
import { Cursor } from "./cursor.ts";
import type { PagedFile } from "./paged-file.ts";

const windowBytes = 16_384;
const longestVarint = 10;

/** Walks varints and strings of a file through a small window. */
export class FileCursor {
  readonly #file: PagedFile;
  readonly #fail: Fail;
  readonly #bytes = new Uint8Array(windowBytes);
  #window: Cursor;
  #windowAt: number;

  constructor(file: PagedFile, position: number, fail: Fail) {
    this.#file = file;
    this.#fail = fail;
    this.#windowAt = position;
    this.#window = new Cursor(file.upTo(position, this.#bytes), fail);
  }

  /** Position in the file of the next byte. */
  get position(): number {
    return this.#windowAt + this.#window.at;
  }

  uvarint(): number {
    if (this.#window.remaining < longestVarint) this.seek(this.position);
    return this.#window.uvarint();
  }

  string(): string {
    const length = this.uvarint();
    if (length <= this.#window.remaining) return Buffer.from(this.#window.raw(length)).toString();
    const start = this.position;
    this.seek(start + length);
    return Buffer.from(this.#file.read(start, length)).toString();
  }

  skipString(): void {
    const length = this.uvarint();
    if (length <= this.#window.remaining) this.#window.take(length);
    else this.seek(this.position + length);
  }

  /** Goes on at another position. */
  seek(position: number): void {
    this.#windowAt = position;
    this.#window = new Cursor(this.#file.upTo(position, this.#bytes), this.#fail);
  }
}

export interface Section {
  /** Number of items. */
  readonly count: number;
  /** Position of the first item. */
  readonly items: number;
  readonly end: number;
}

/**
 * Finds a section's items and checks its checksum.
 *   ┌──────────────┬─────────────┬───────┬───────────────────────────┐
 *   │ length <u32> │ count <u32> │ items │ CRC-32C of count and items│
 *   └──────────────┴─────────────┴───────┴───────────────────────────┘
 */
export function openSection(file: PagedFile, offset: number, fail: Fail): Section {
  const header = new Cursor(file.read(offset, 8), fail);
  const end = offset + 4 + header.u32();
  let crc = 0;
  for (let at = offset + 4; at < end; at += windowBytes)
    crc = crc32c(file.read(at, Math.min(windowBytes, end - at)), crc);
  if (new Cursor(file.read(end, 4), fail).u32() !== crc)
    throw fail(`checksum of the section at byte ${offset} differs`);
  return { count: header.u32(), items: offset + 8, end };
}
