import { closeSync, openSync, writeSync } from "node:fs";

const pageBytes = 4096;
const headerBytes = 16;
const elementBytes = 16;
/** Two meta pages and the free list come before. */
const firstPage = 3;
const pagesPerWrite = 1024;

interface Child {
  readonly key: Buffer;
  readonly page: number;
}

/** Writes a BoltDB file with one bucket, `index`, from rows in ascending order of their keys. */
export class BoltWriter {
  readonly #fd: number;
  #page = firstPage;
  #waiting: Buffer[] = [];
  #written = firstPage;
  #rows: [key: Buffer, value: Buffer][] = [];
  #size = headerBytes;
  #leaves: Child[] = [];

  constructor(path: string) {
    this.#fd = openSync(path, "w");
  }

  add(key: Buffer, value: Buffer): void {
    const bytes = elementBytes + key.length + value.length;
    if (this.#size + bytes > pageBytes) this.#flush();
    this.#rows.push([key, value]);
    this.#size += bytes;
  }

  finish(): void {
    this.#flush();
    let level = this.#leaves;
    while (level.length > 1) level = this.#branches(level);
    const bucket = Buffer.alloc(16);
    bucket.writeBigUInt64LE(BigInt(level[0]!.page));
    const root = this.#write(2, [[Buffer.from("index"), bucket]], 1);
    this.#writeWaiting();
    for (const number of [0, 1]) writeSync(this.#fd, meta(number, root, this.#page), 0, pageBytes, number * pageBytes);
    writeSync(this.#fd, header(2, 0x10, 0), 0, headerBytes, 2 * pageBytes);
    closeSync(this.#fd);
  }

  #flush(): void {
    if (this.#rows.length === 0) return;
    this.#leaves.push({ key: this.#rows[0]![0], page: this.#write(2, this.#rows, 0) });
    this.#rows = [];
    this.#size = headerBytes;
  }

  /** Branch pages over some pages. */
  #branches(children: readonly Child[]): Child[] {
    const level: Child[] = [];
    for (let from = 0; from < children.length;) {
      let to = from;
      for (let size = headerBytes; to < children.length; to++) {
        size += elementBytes + children[to]!.key.length;
        if (size > pageBytes && to > from) break;
      }
      const rows = children.slice(from, to).map(({ key, page }): [Buffer, number] => [key, page]);
      level.push({ key: children[from]!.key, page: this.#writeBranch(rows) });
      from = to;
    }
    return level;
  }

  #write(flags: number, rows: readonly [Buffer, Buffer][], elementFlags: number): number {
    const page = Buffer.alloc(pageBytes);
    header(this.#page, flags, rows.length).copy(page);
    let at = headerBytes + rows.length * elementBytes;
    for (const [i, [key, value]] of rows.entries()) {
      const element = headerBytes + i * elementBytes;
      page.writeUInt32LE(elementFlags, element);
      page.writeUInt32LE(at - element, element + 4);
      page.writeUInt32LE(key.length, element + 8);
      page.writeUInt32LE(value.length, element + 12);
      at += key.copy(page, at);
      at += value.copy(page, at);
    }
    return this.#append(page);
  }

  #writeBranch(rows: readonly [Buffer, number][]): number {
    const page = Buffer.alloc(pageBytes);
    header(this.#page, 1, rows.length).copy(page);
    let at = headerBytes + rows.length * elementBytes;
    for (const [i, [key, child]] of rows.entries()) {
      const element = headerBytes + i * elementBytes;
      page.writeUInt32LE(at - element, element);
      page.writeUInt32LE(key.length, element + 4);
      page.writeBigUInt64LE(BigInt(child), element + 8);
      at += key.copy(page, at);
    }
    return this.#append(page);
  }

  #append(page: Buffer): number {
    this.#waiting.push(page);
    if (this.#waiting.length === pagesPerWrite) this.#writeWaiting();
    return this.#page++;
  }

  #writeWaiting(): void {
    const pages = Buffer.concat(this.#waiting);
    writeSync(this.#fd, pages, 0, pages.length, this.#written * pageBytes);
    this.#written += this.#waiting.length;
    this.#waiting = [];
  }
}

function header(id: number, flags: number, count: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeBigUInt64LE(BigInt(id));
  bytes.writeUInt16LE(flags, 8);
  bytes.writeUInt16LE(count, 10);
  return bytes;
}

function meta(number: number, root: number, pages: number): Buffer {
  const page = Buffer.alloc(pageBytes);
  header(number, 4, 0).copy(page);
  page.writeUInt32LE(0xed0cdaed, 16);
  page.writeUInt32LE(2, 20);
  page.writeUInt32LE(pageBytes, 24);
  page.writeBigUInt64LE(BigInt(root), 32);
  page.writeBigUInt64LE(2n, 48);
  page.writeBigUInt64LE(BigInt(pages), 56);
  page.writeBigUInt64LE(BigInt(number), 64);
  let hash = 0xcbf29ce484222325n;
  for (const byte of page.subarray(16, 72)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  page.writeBigUInt64LE(hash, 72);
  return page;
}
