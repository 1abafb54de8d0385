import { readFile, writeFile } from "node:fs/promises";
import { BoundedCache } from "@ratatosk/bytes";
import { type Columns, RatatoskError } from "@ratatosk/model";
import type { ObjectStore } from "@ratatosk/object-store";
import { type LokiBlock, packedBlock, plainBlock, plainBytes } from "./block.ts";
import { filesystemName } from "./chunk-key.ts";
import { type LokiBlockMeta, type LokiChunk, readChunkObject } from "./chunk-object.ts";
import { plainCodec } from "./codec.ts";
import { DiskCache } from "./disk-cache.ts";
import { type SpillLimits, SpillStore } from "./spill-store.ts";
import type { IndexedChunk } from "./table.ts";
import { UnpackedBlocks } from "./unpacked-blocks.ts";

export interface ChunkReaderOptions {
  readonly objects: ObjectStore;
  readonly cacheDirectory: string;
  readonly chunkCacheBytes: number;
  /** How much is kept of blocks that a query reads several times. */
  readonly unpacked: SpillLimits;
}

/** Where a chunk lies, and the checksum of all of it. */
export type ChunkName = Pick<IndexedChunk, "key" | "crc">;

/** A block of a chunk that was opened. */
export interface OpenBlock {
  readonly key: string;
  readonly chunk: LokiChunk;
  readonly meta: LokiBlockMeta;
}

const symbolBytes = 16 * 2 ** 20;

/** Opens chunks of a bucket and hands out their blocks; what parts of one query need in common is unpacked once. */
export class ChunkReader {
  readonly #objects: ObjectStore;
  readonly #files: DiskCache;
  readonly #unpacked: UnpackedBlocks;
  /** Of chunks opened lately. */
  readonly #symbols = new BoundedCache<LokiChunk["symbols"]>(symbolBytes);
  /** Chunks that are being opened, by query. */
  readonly #opening = new WeakMap<AbortSignal, Map<string, Promise<LokiChunk>>>();

  constructor({ objects, cacheDirectory, chunkCacheBytes, unpacked }: ChunkReaderOptions) {
    this.#objects = objects;
    this.#files = new DiskCache(`${cacheDirectory}/chunks`, chunkCacheBytes);
    const spill = new DiskCache(`${cacheDirectory}/unpacked`, unpacked.diskBytes);
    this.#unpacked = new UnpackedBlocks(new SpillStore(spill, unpacked));
  }

  /** How many blocks were unpacked for several readings so far. */
  get unpackedBlocks(): number {
    return this.#unpacked.unpacked;
  }

  /** Reads a chunk's object and checks it against its key. Throws not_found, corrupt. */
  open(named: ChunkName, signal: AbortSignal): Promise<LokiChunk> {
    const opening = this.#opening.get(signal) ?? new Map<string, Promise<LokiChunk>>();
    this.#opening.set(signal, opening);
    const { key } = named;
    let chunk = opening.get(key);
    if (chunk === undefined) {
      chunk = this.#open(named, signal).finally(() => opening.delete(key));
      opening.set(key, chunk);
    }
    return chunk;
  }

  /** A block to be scanned: one that the query reads again is unpacked here, and once. */
  async block({ key, chunk, meta }: OpenBlock, { reads = 1 }: Columns, signal: AbortSignal): Promise<LokiBlock> {
    const packed = packedBlock(chunk, meta);
    if (reads === 1 || packed.codec === plainCodec) return packed;
    const unpacked = this.#unpacked.get(`${key} ${meta.offset}`, { reads, signal }, () => plainBytes(packed));
    try {
      return plainBlock(packed, await unpacked);
    } catch (error) {
      if (RatatoskError.from(error).code !== "corrupt") throw error;
      // The scan counts what is damaged.
      return packed;
    }
  }

  async #open({ key, crc }: ChunkName, signal: AbortSignal): Promise<LokiChunk> {
    const chunk = await this.#files.use(
      key,
      async (path) => writeFile(path, await this.#get(key, signal)),
      async (path) => readChunkObject(await readFile(path), crc, this.#symbols.get(key)),
    );
    if (chunk.symbols.length > 0) this.#symbols.set(key, chunk.symbols, bytesOf(chunk.symbols));
    return chunk;
  }

  /** A chunk under its key, or as Loki's filesystem store names it. */
  async #get(key: string, signal: AbortSignal): Promise<Uint8Array> {
    try {
      return await this.#objects.get(key, undefined, signal);
    } catch (error) {
      if (RatatoskError.from(error).code !== "not_found") throw error;
      const file = filesystemName(key);
      if ((await this.#objects.stat(file)) === undefined) throw error;
      return this.#objects.get(file, undefined, signal);
    }
  }
}

const bytesOf = (symbols: LokiChunk["symbols"]): number =>
  symbols.reduce((bytes, { length }) => bytes + 2 * length + 32, 0);
