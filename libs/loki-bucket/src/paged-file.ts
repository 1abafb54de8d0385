import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Fail } from "@ratatosk/bytes";

const pageBytes = 65_536;
const cachedPages = 256;

/** A file read at random through a cache of 16 MiB, so that an index of any size needs no more memory than that. */
export class PagedFile {
  readonly #fd: number;
  readonly #fail: Fail;
  readonly #pages = new Map<number, Uint8Array>();
  readonly size: number;

  constructor(path: string, fail: Fail) {
    this.#fd = openSync(path, "r");
    this.#fail = fail;
    this.size = fstatSync(this.#fd).size;
  }

  /** Bytes of the file: a view of a cached page where they lie in one, else a copy. */
  read(offset: number, length: number): Uint8Array {
    if (offset < 0 || length < 0 || offset + length > this.size)
      throw this.#fail(`cut off: ${length} bytes expected at byte ${offset}`);
    const first = Math.floor(offset / pageBytes);
    const inPage = offset - first * pageBytes;
    if (inPage + length <= pageBytes) return this.#page(first).subarray(inPage, inPage + length);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const at = offset + done;
      const page = this.#page(Math.floor(at / pageBytes)).subarray(at % pageBytes);
      const part = page.subarray(0, length - done);
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  /** Up to `length` bytes from `offset`, fewer at the end of the file. */
  upTo(offset: number, length: number): Uint8Array {
    return this.read(offset, Math.max(0, Math.min(length, this.size - offset)));
  }

  close(): void {
    closeSync(this.#fd);
    this.#pages.clear();
  }

  #page(number: number): Uint8Array {
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Uint8Array(Math.min(pageBytes, this.size - number * pageBytes));
      readSync(this.#fd, page, 0, page.length, number * pageBytes);
      if (this.#pages.size >= cachedPages) this.#pages.delete(this.#pages.keys().next().value!);
    } else this.#pages.delete(number);
    this.#pages.set(number, page);
    return page;
  }
}
