import { corrupt } from "./corrupt.ts";
import { PagedFile } from "./paged-file.ts";

const fail = corrupt("boltdb file");
const magic = 0xed0cdaed;
const usualPageSizes = [4096, 16_384, 65_536, 8192, 32_768];
const branchFlag = 1;
const leafFlag = 2;
const bucketFlag = 1;
const headerBytes = 16;
const elementBytes = 16;

export interface BoltRow {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * Reads a BoltDB file without loading it. Pages are little-endian:
 *   ┌────────┬─────────────┬─────────────┬────────────────┬──────────────────────────────────────┐
 *   │ id u64 │ flags u16   │ count u16   │ overflow u32   │ elements of 16 bytes, keys and values│
 *   └────────┴─────────────┴─────────────┴────────────────┴──────────────────────────────────────┘
 *   branch element: position u32 (from the element), key size u32, page u64
 *   leaf element:   flags u32 (1: a bucket), position u32, key size u32, value size u32
 */
export class BoltFile {
  readonly #file: PagedFile;
  readonly #pageSize: number;
  readonly #root: number;

  constructor(path: string) {
    this.#file = new PagedFile(path, fail);
    try {
      const { pageSize, root } = readMeta(this.#file);
      this.#pageSize = pageSize;
      this.#root = root;
    } catch (error) {
      this.#file.close();
      throw error;
    }
  }

  close(): void {
    this.#file.close();
  }

  /** Names of the buckets. */
  buckets(): string[] {
    const names: string[] = [];
    for (const { key, flags } of this.#rows(this.#root * this.#pageSize, new Uint8Array(), new Set()))
      if (flags & bucketFlag) names.push(Buffer.from(key).toString());
    return names;
  }

  /** Rows of a bucket whose key begins with `prefix`, ascending. Empty when there is no such bucket. */
  *rows(bucket: string, prefix: Uint8Array): Generator<BoltRow> {
    const name = Buffer.from(bucket);
    for (const { key, value, flags, valueAt } of this.#rows(this.#root * this.#pageSize, name, new Set())) {
      if (!(flags & bucketFlag) || !name.equals(key)) continue;
      const root = readU64(view(value, 16), 0);
      for (const row of this.#rows(root === 0 ? valueAt + 16 : root * this.#pageSize, prefix, new Set())) {
        if (compare(row.key.subarray(0, prefix.length), prefix) > 0) return;
        yield row;
      }
    }
  }

  /** Leaf rows from the first whose key is not below `prefix`. */
  *#rows(
    offset: number,
    prefix: Uint8Array,
    seen: Set<number>,
  ): Generator<BoltRow & { flags: number; valueAt: number }> {
    if (seen.has(offset)) throw fail(`page at byte ${offset} stands in the tree twice`);
    seen.add(offset);
    const header = view(this.#file.read(offset, headerBytes), headerBytes);
    const flags = header.getUint16(8, true);
    const count = header.getUint16(10, true);
    if (flags & branchFlag) {
      for (let i = this.#firstChild(offset, count, prefix); i < count; i++)
        yield* this.#rows(this.#branch(offset, i).page * this.#pageSize, prefix, seen);
    } else if (flags & leafFlag) {
      for (let i = 0; i < count; i++) {
        const row = this.#leaf(offset, i);
        if (compare(row.key, prefix) >= 0) yield row;
      }
    } else throw fail(`page at byte ${offset} is neither branch nor leaf`);
  }

  /** The last child whose first key is not above `prefix`. */
  #firstChild(offset: number, count: number, prefix: Uint8Array): number {
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (compare(this.#branch(offset, middle).key, prefix) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #branch(page: number, i: number): { key: Uint8Array; page: number } {
    const at = page + headerBytes + i * elementBytes;
    const element = view(this.#file.read(at, elementBytes), elementBytes);
    const key = this.#file.read(at + element.getUint32(0, true), element.getUint32(4, true));
    return { key, page: readU64(element, 8) };
  }

  #leaf(page: number, i: number): BoltRow & { flags: number; valueAt: number } {
    const at = page + headerBytes + i * elementBytes;
    const element = view(this.#file.read(at, elementBytes), elementBytes);
    const keyAt = at + element.getUint32(4, true);
    const keySize = element.getUint32(8, true);
    const valueAt = keyAt + keySize;
    return {
      flags: element.getUint32(0, true),
      key: this.#file.read(keyAt, keySize),
      value: this.#file.read(valueAt, element.getUint32(12, true)),
      valueAt,
    };
  }
}

/** The valid one of the two meta pages with the greater transaction. */
function readMeta(file: PagedFile): { pageSize: number; root: number } {
  const sizes = [...new Set([pageSizeOf(file), ...usualPageSizes])].filter((size) => size !== undefined);
  const metas = [0, ...sizes].flatMap((offset) => metaAt(file, offset) ?? []);
  const newest = metas.sort((a, b) => (a.transaction < b.transaction ? 1 : -1))[0];
  if (newest === undefined) throw fail("no valid meta page");
  return newest;
}

function pageSizeOf(file: PagedFile): number | undefined {
  return metaAt(file, 0)?.pageSize;
}

function metaAt(file: PagedFile, page: number): { pageSize: number; root: number; transaction: bigint } | undefined {
  if (page + 80 > file.size) return undefined;
  const bytes = file.read(page + headerBytes, 64);
  const meta = view(bytes, 64);
  if (meta.getUint32(0, true) !== magic || meta.getBigUint64(56, true) !== fnv1a(bytes.subarray(0, 56)))
    return undefined;
  return { pageSize: meta.getUint32(8, true), root: readU64(meta, 16), transaction: meta.getBigUint64(48, true) };
}

function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

function view(bytes: Uint8Array, length: number): DataView {
  if (bytes.length < length) throw fail(`${bytes.length} bytes where ${length} were expected`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readU64(bytes: DataView, at: number): number {
  return bytes.getUint32(at, true) + bytes.getUint32(at + 4, true) * 2 ** 32;
}

const compare = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b);
