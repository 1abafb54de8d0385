import type { Fail } from "@ratatosk/bytes";
import { FileCursor, openSection } from "./file-cursor.ts";
import type { PagedFile } from "./paged-file.ts";

const every = 32;
const cachedStrings = 10_000;

/** The strings of a symbol section by number: only the position of each 32nd is held. */
export class Symbols {
  readonly #cursor: FileCursor;
  readonly #fail: Fail;
  readonly #count: number;
  readonly #positions: Float64Array;
  readonly #cache = new Map<number, string>();

  constructor(file: PagedFile, offset: number, fail: Fail) {
    this.#fail = fail;
    const { count, items, end } = openSection(file, offset, fail);
    if (count > end - items) throw fail(`${count} symbols in ${end - items} bytes`);
    this.#count = count;
    this.#positions = new Float64Array(Math.ceil(count / every));
    const cursor = new FileCursor(file, items, fail);
    this.#cursor = cursor;
    for (let number = 0; number < count; number++) {
      if (number % every === 0) this.#positions[number / every] = cursor.position;
      cursor.skipString();
    }
  }

  /** The string of a number. */
  at(number: number): string {
    const cached = this.#cache.get(number);
    if (cached !== undefined) return cached;
    if (number >= this.#count) throw this.#fail(`symbol ${number} of ${this.#count}`);
    this.#cursor.seek(this.#positions[Math.floor(number / every)]!);
    for (let skip = number % every; skip > 0; skip--) this.#cursor.skipString();
    const text = this.#cursor.string();
    if (this.#cache.size >= cachedStrings) this.#cache.delete(this.#cache.keys().next().value!);
    this.#cache.set(number, text);
    return text;
  }
}
