import type { Fail } from "@ratatosk/bytes";
import { crc32c } from "./crc32c.ts";
import { Cursor } from "./cursor.ts";
import { FileCursor, openSection } from "./file-cursor.ts";
import type { PagedFile } from "./paged-file.ts";

const every = 32;

interface Landmark {
  readonly name: string;
  readonly value: string;
  readonly position: number;
}

/**
 * The series of each label value. The table is sorted by name and value; each 32nd entry is held.
 *   table entry: 2 <uvarint>, name, value, offset of the list <uvarint>
 *   list: a section of count × reference <u32>, ascending
 * The entry with empty name and value lists all series.
 */
export class PostingsTable {
  readonly #file: PagedFile;
  readonly #fail: Fail;
  readonly #landmarks: Landmark[] = [];
  readonly #count: number;

  constructor(file: PagedFile, offset: number, fail: Fail) {
    this.#file = file;
    this.#fail = fail;
    const { count, items, end } = openSection(file, offset, fail);
    if (count > end - items) throw fail(`${count} postings in ${end - items} bytes`);
    this.#count = count;
    const cursor = new FileCursor(file, items, fail);
    for (let i = 0; i < count; i++) {
      const { position } = cursor;
      const { name, value } = this.#entry(cursor);
      if (i % every === 0) this.#landmarks.push({ name, value, position });
    }
  }

  /** References of the series with a label value, ascending; empty when no series has it. */
  list(name: string, value: string): Uint32Array {
    const start = this.#landmarks.findLastIndex((mark) => compare(mark, { name, value }) <= 0);
    if (start < 0) return new Uint32Array();
    const cursor = new FileCursor(this.#file, this.#landmarks[start]!.position, this.#fail);
    for (let left = Math.min(every, this.#count - start * every); left > 0; left--) {
      const entry = this.#entry(cursor);
      if (entry.name === name && entry.value === value) return this.#read(entry.offset);
    }
    return new Uint32Array();
  }

  #entry(cursor: FileCursor): { name: string; value: string; offset: number } {
    if (cursor.uvarint() !== 2) throw this.#fail(`entry of the postings table before byte ${cursor.position}`);
    return { name: cursor.string(), value: cursor.string(), offset: cursor.uvarint() };
  }

  #read(offset: number): Uint32Array {
    const header = new Cursor(this.#file.read(offset, 8), this.#fail);
    const bytes = this.#file.read(offset + 4, header.u32());
    const count = header.u32();
    const cursor = new Cursor(bytes, this.#fail, 4);
    if (count * 4 !== cursor.remaining) throw this.#fail(`postings at byte ${offset}: ${count} references`);
    if (new Cursor(this.#file.read(offset + 4 + bytes.length, 4), this.#fail).u32() !== crc32c(bytes))
      throw this.#fail(`checksum of the postings at byte ${offset} differs`);
    return Uint32Array.from({ length: count }, () => cursor.u32());
  }
}

/** The references in both lists. */
export function intersect(a: Uint32Array, b: Uint32Array): Uint32Array {
  const out = new Uint32Array(Math.min(a.length, b.length));
  let count = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i]! < b[j]!) i++;
    else if (a[i]! > b[j]!) j++;
    else {
      out[count++] = a[i++]!;
      j++;
    }
  }
  return out.subarray(0, count);
}

function compare(a: { name: string; value: string }, b: { name: string; value: string }): number {
  return (
    Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) ||
    Buffer.compare(Buffer.from(a.value), Buffer.from(b.value))
  );
}
