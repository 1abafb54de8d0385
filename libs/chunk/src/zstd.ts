import { constants, createZstdCompress, createZstdDecompress, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/**
 * What the one-shot functions of node:zlib are made of, used again from call to call: they would make a context and
 * fresh memory each time, which costs as much as the decompression itself. See zstd.bench.ts.
 */
interface Handle {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputBytes: number,
    out: Uint8Array,
    outAt: number,
    outBytes: number,
  ): void;
}

/** One context of this thread. */
class Context {
  readonly #make: () => object;
  #stream: object | undefined;
  #handle: Handle | undefined;
  /** Bytes left of the output and of the input, written by the handle. */
  #left: Uint32Array = new Uint32Array(2);
  #failed = false;

  constructor(make: () => object) {
    this.#make = make;
  }

  /** How much of `out` was written; undefined where it failed, or this Node has no such handles. */
  run(input: Uint8Array, out: Uint8Array): number | undefined {
    const handle = this.#opened();
    if (handle === undefined) return undefined;
    this.#failed = false;
    handle.writeSync(constants.ZSTD_e_end, input, 0, input.length, out, 0, out.length);
    const [room, rest] = this.#left as unknown as [number, number];
    return this.#failed || rest > 0 ? undefined : out.length - room;
  }

  /** Whatever it was in the middle of, the next run starts afresh. */
  reset(): void {
    this.#handle = undefined;
  }

  #opened(): Handle | undefined {
    if (this.#handle !== undefined) return this.#handle;
    // Kept, since its end would be the end of the handle.
    this.#stream = this.#make();
    const { _handle: handle, _writeState: left } = this.#stream as { _handle?: Handle; _writeState?: unknown };
    if (typeof handle?.writeSync !== "function" || !(left instanceof Uint32Array)) return undefined;
    Object.assign(handle, { onerror: () => void (this.#failed = true) });
    this.#left = left;
    return (this.#handle = handle);
  }
}

/**
 * zstd's own settings of a level are for inputs without end. Blocks are about as large as this window, so its tables need
 * not be larger; and in logs a match of less than six bytes, as in digits of ids, rarely saves anything.
 */
const windowLog = 20;
const lazyLevels = { from: 6, to: 12 };
const lazyMinMatch = 6;

function paramsOf(level: number): Record<number, number> {
  const params = { [constants.ZSTD_c_compressionLevel]: level };
  if (level < lazyLevels.from) return params;
  Object.assign(params, {
    [constants.ZSTD_c_windowLog]: windowLog,
    [constants.ZSTD_c_hashLog]: windowLog,
    [constants.ZSTD_c_chainLog]: windowLog,
  });
  if (level <= lazyLevels.to) params[constants.ZSTD_c_minMatch] = lazyMinMatch;
  return params;
}
const compressors = new Map<number, Context>();
const decompressor = new Context(() => createZstdDecompress());
let room = new Uint8Array(256 * 1024);
const keptRoom = 8 * 2 ** 20;

/** Compresses into memory of its own, at a level from 1 (fast) to 19 (small). */
export function zstdCompressed(raw: Uint8Array, level = 1): Uint8Array<ArrayBuffer> {
  const params = paramsOf(level);
  let compressor = compressors.get(level);
  if (compressor === undefined)
    compressors.set(level, (compressor = new Context(() => createZstdCompress({ params }))));
  const most = raw.length + (raw.length >>> 7) + 1024;
  if (room.length < most) room = new Uint8Array(most);
  const size = compressor.run(raw, room);
  if (size === undefined) compressor.reset();
  const packed = size === undefined ? new Uint8Array(zstdCompressSync(raw, { params })) : room.slice(0, size);
  if (room.length > keptRoom) room = new Uint8Array(256 * 1024);
  return packed;
}

/** Fills `out` with what was compressed. Throws where that is not as much, or no zstd. */
export function zstdUncompress(packed: Uint8Array, out: Uint8Array): void {
  if (decompressor.run(packed, out) === out.length) return;
  decompressor.reset();
  const raw = zstdDecompressSync(packed, { maxOutputLength: Math.max(out.length, 1) });
  if (raw.length !== out.length) throw new Error(`${raw.length} bytes where ${out.length} were expected`);
  out.set(raw);
}
