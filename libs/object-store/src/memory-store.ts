import { RatatoskError } from "@ratatosk/model";
import { checkKey, checkPrefix } from "./key.ts";
import type { Body, ByteRange, ObjectInfo, ObjectStore } from "./object-store.ts";

interface Held {
  readonly body: Uint8Array;
  readonly modifiedMs: number;
}

/** Objects in memory, gone with the process. */
export class MemoryStore implements ObjectStore {
  readonly gapBytes = 0;
  readonly #objects = new Map<string, Held>();

  async put(key: string, body: Body): Promise<void> {
    checkKey(key);
    this.#objects.set(key, { body: new Uint8Array(Buffer.concat(piecesOf(body))), modifiedMs: Date.now() });
  }

  async get(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    checkKey(key);
    const held = this.#objects.get(key);
    if (held === undefined) throw new RatatoskError("not_found", `object ${key} does not exist`);
    const { start, end } = boundsOf(range, held.body.length);
    return held.body.slice(start, end);
  }

  async stat(key: string): Promise<ObjectInfo | undefined> {
    checkKey(key);
    const held = this.#objects.get(key);
    return held && { key, size: held.body.length, modifiedMs: held.modifiedMs };
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort(byBytes);
    for (const key of keys) {
      signal?.throwIfAborted();
      const info = await this.stat(key);
      if (info !== undefined) yield info;
    }
  }

  async folders(prefix: string, signal?: AbortSignal): Promise<string[]> {
    const found = new Set<string>();
    for await (const { key } of this.list(prefix, signal)) {
      const end = key.indexOf("/", prefix.length);
      if (end !== -1) found.add(key.slice(prefix.length, end));
    }
    return [...found].sort(byBytes);
  }

  async delete(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    for (const key of keys) this.#objects.delete(key);
  }
}

export const piecesOf = (body: Body): readonly Uint8Array[] => (body instanceof Uint8Array ? [body] : body);

/** The bytes of an object of `size` that a range covers; what lies outside is left out. */
export function boundsOf(range: ByteRange | undefined, size: number): { start: number; end: number } {
  if (range === undefined) return { start: 0, end: size };
  const start = range.offset < 0 ? Math.max(size + range.offset, 0) : Math.min(range.offset, size);
  return { start, end: Math.min(start + range.length, size) };
}

/** Orders keys as S3 does, by their UTF-8 bytes. */
export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
