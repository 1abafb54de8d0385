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

  /** A copy of some bytes of the file. */
  read(offset: number, length: number): Uint8Array {
    if (offset < 0 || length < 0 || offset + length > this.size)
      throw this.#fail(`cut off: ${length} bytes expected at byte ${offset}`);
    return this.upTo(offset, Buffer.allocUnsafe(length));
  }

  /** Fills the target from `offset` on; what of it was filled, which is less at the end of the file. */
  upTo(offset: number, target: Uint8Array): Uint8Array {
    const length = Math.max(0, Math.min(target.length, this.size - offset));
    for (let done = 0; done < length;) {
      const at = offset + done;
      const page = this.#page(Math.floor(at / pageBytes)).subarray(at % pageBytes);
      const part = page.subarray(0, length - done);
      target.set(part, done);
      done += part.length;
    }
    return target.subarray(0, length);
  }

  close(): void {
    closeSync(this.#fd);
    this.#pages.clear();
  }

  /** A page, read into the memory of the one not used for longest once there are many. */
  #page(number: number): Uint8Array {
    const known = this.#pages.get(number);
    const page = known ?? this.#load(number);
    this.#pages.delete(number);
    this.#pages.set(number, page);
    return page.subarray(0, this.size - number * pageBytes);
  }

  #load(number: number): Uint8Array {
    const page = this.#pages.size < cachedPages ? new Uint8Array(Math.min(pageBytes, this.size)) : this.#takeOldest();
    readSync(this.#fd, page, 0, Math.min(pageBytes, this.size - number * pageBytes), number * pageBytes);
    return page;
  }

  #takeOldest(): Uint8Array {
    const [number] = this.#pages.keys();
    const page = this.#pages.get(number!)!;
    this.#pages.delete(number!);
    return page;
  }
}
