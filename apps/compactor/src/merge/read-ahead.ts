import type { ByteRange, ObjectStore } from "@ratatosk/object-store";

interface Window {
  readonly key: string;
  readonly offset: number;
  readonly bytes: Promise<Uint8Array>;
  readonly size: number;
}

const windowBytes = 512 * 1024;

/** Reads of segments from front to back: a ranged read brings what follows it, kept up to a number of bytes. */
export class ReadAhead {
  readonly #objects: ObjectStore;
  readonly #limit: number;
  /** The one used last comes last. */
  #windows: Window[] = [];

  constructor(objects: ObjectStore, limitBytes: number) {
    this.#objects = objects;
    this.#limit = limitBytes;
  }

  /** The store itself, with ranges read ahead. */
  store(): ObjectStore {
    const objects = this.#objects;
    return {
      gapBytes: objects.gapBytes,
      put: (key, body) => objects.put(key, body),
      get: (key, range, signal) => (range === undefined ? objects.get(key, range, signal) : this.#get(key, range)),
      stat: (key) => objects.stat(key),
      list: (prefix, signal) => objects.list(prefix, signal),
      folders: (prefix, signal) => objects.folders(prefix, signal),
      delete: (keys) => objects.delete(keys),
    };
  }

  async #get(key: string, { offset, length }: ByteRange): Promise<Uint8Array> {
    const window = this.#windowOf(key, offset, length);
    const bytes = await window.bytes;
    const from = offset - window.offset;
    return bytes.slice(from, from + length);
  }

  #windowOf(key: string, offset: number, length: number): Window {
    const at = this.#windows.findIndex(
      (window) => window.key === key && window.offset <= offset && offset + length <= window.offset + window.size,
    );
    if (at >= 0) {
      const [window] = this.#windows.splice(at, 1);
      this.#windows.push(window!);
      return window!;
    }
    const size = Math.max(length, windowBytes);
    const bytes = this.#objects.get(key, { offset, length: size });
    const window = { key, offset, bytes, size };
    bytes.catch(() => (this.#windows = this.#windows.filter((other) => other !== window)));
    this.#windows.push(window);
    this.#shrink();
    return window;
  }

  #shrink(): void {
    let total = this.#windows.reduce((sum, { size }) => sum + size, 0);
    while (total > this.#limit && this.#windows.length > 1) total -= this.#windows.shift()!.size;
  }
}
