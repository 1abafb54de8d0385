import type { ByteRange, ObjectStore } from "@ratatosk/object-store";

interface Wanted extends ByteRange {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
}

/** One read takes no more, unless a single range is larger. */
const readBytes = 8 * 2 ** 20;

/** Reads ranges of one object. Those that are asked for together and lie near each other become one read. */
export class RangeReader {
  readonly #objects: ObjectStore;
  readonly #key: string;
  readonly #done: (reads: number, bytes: number) => void;
  readonly #wanted = new Map<AbortSignal, Wanted[]>();

  constructor(objects: ObjectStore, key: string, done: (reads: number, bytes: number) => void) {
    this.#objects = objects;
    this.#key = key;
    this.#done = done;
  }

  /** The bytes of a range, in memory of their own. */
  read({ offset, length }: ByteRange, signal: AbortSignal): Promise<Uint8Array> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const waiting = this.#wanted.get(signal);
    if (waiting !== undefined) waiting.push({ offset, length, resolve, reject });
    else {
      this.#wanted.set(signal, [{ offset, length, resolve, reject }]);
      setImmediate(() => this.#start(signal));
    }
    return promise;
  }

  #start(signal: AbortSignal): void {
    const wanted = this.#wanted.get(signal) ?? [];
    this.#wanted.delete(signal);
    for (const group of grouped(
      wanted.sort((a, b) => a.offset - b.offset),
      this.#objects.gapBytes,
    ))
      void this.#readGroup(group, signal);
  }

  async #readGroup(group: readonly Wanted[], signal: AbortSignal): Promise<void> {
    const offset = group[0]!.offset;
    const end = group.reduce((furthest, range) => Math.max(furthest, range.offset + range.length), offset);
    try {
      const bytes = await this.#objects.get(this.#key, { offset, length: end - offset }, signal);
      this.#done(1, bytes.length);
      for (const range of group) {
        const from = range.offset - offset;
        range.resolve(ownMemory(bytes, from, from + range.length));
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

/** A part of `bytes` in memory that nothing else lies in. */
function ownMemory(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const isWhole = from === 0 && to >= bytes.length && bytes.length === bytes.buffer.byteLength;
  return isWhole ? bytes : bytes.slice(from, to);
}

function* grouped(sorted: readonly Wanted[], gapBytes: number): Generator<Wanted[]> {
  let group: Wanted[] = [];
  let end = 0;
  for (const range of sorted) {
    const start = group[0]?.offset ?? range.offset;
    const rangeEnd = range.offset + range.length;
    if (group.length > 0 && (range.offset - end > gapBytes || rangeEnd - start > readBytes)) {
      yield group;
      group = [];
    }
    group.push(range);
    end = Math.max(group.length === 1 ? 0 : end, rangeEnd);
  }
  if (group.length > 0) yield group;
}
