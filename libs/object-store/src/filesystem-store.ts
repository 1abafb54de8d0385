import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rmdir, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RatatoskError } from "@ratatosk/model";
import { checkKey, checkPrefix } from "./key.ts";
import { boundsOf, byBytes, piecesOf } from "./memory-store.ts";
import type { Body, ByteRange, ObjectInfo, ObjectStore, Place } from "./object-store.ts";

const temporary = "~tmp";
const staleMs = 3_600_000;
const placeAttempts = 20;
const piecesAtOnce = 512;

/**
 * Objects as files below a directory. An object is written beside, fsynced, and renamed into its place, so that it is
 * there whole or not at all, also after a power cut.
 */
export class FilesystemStore implements ObjectStore {
  readonly gapBytes = 128 * 2 ** 10;
  readonly #root: string;
  readonly #isForeign: boolean;
  #swept: Promise<void> | undefined;

  constructor(directory: string, { isForeign = false }: Place = {}) {
    this.#root = directory;
    this.#isForeign = isForeign;
  }

  async put(key: string, body: Body): Promise<void> {
    checkKey(key);
    await (this.#swept ??= this.#sweep());
    const draft = join(this.#root, temporary, randomUUID());
    try {
      await write(draft, piecesOf(body));
      await this.#place(draft, join(this.#root, key));
    } catch (error) {
      await unlink(draft).catch(() => undefined);
      throw unavailable(error);
    }
  }

  async get(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Uint8Array> {
    checkKey(key);
    signal?.throwIfAborted();
    const file = await open(join(this.#root, key), "r").catch((error: unknown) => {
      throw missing(error) ? new RatatoskError("not_found", `object ${key} does not exist`) : unavailable(error);
    });
    try {
      const { size } = await file.stat();
      const { start, end } = boundsOf(range, size);
      return await readExactly(file, start, end - start);
    } catch (error) {
      throw unavailable(error);
    } finally {
      await file.close();
    }
  }

  async stat(key: string): Promise<ObjectInfo | undefined> {
    checkKey(key);
    try {
      const info = await stat(join(this.#root, key));
      return info.isFile() ? { key, size: info.size, modifiedMs: info.mtimeMs } : undefined;
    } catch (error) {
      if (missing(error)) return undefined;
      throw unavailable(error);
    }
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncGenerator<ObjectInfo> {
    checkPrefix(prefix);
    yield* this.#walk(prefix.slice(0, prefix.lastIndexOf("/") + 1), prefix, signal);
  }

  async folders(prefix: string, signal?: AbortSignal): Promise<string[]> {
    checkPrefix(prefix);
    signal?.throwIfAborted();
    const names = await this.#names(prefix);
    return names.filter((name) => name.endsWith("/")).map((name) => name.slice(0, -1));
  }

  async delete(keys: readonly string[]): Promise<void> {
    keys.forEach(checkKey);
    for (const key of keys) {
      await unlink(join(this.#root, key)).catch((error: unknown) => {
        if (!missing(error)) throw unavailable(error);
      });
      await this.#prune(dirname(key));
    }
  }

  async *#walk(folder: string, prefix: string, signal: AbortSignal | undefined): AsyncGenerator<ObjectInfo> {
    for (const name of await this.#names(folder)) {
      signal?.throwIfAborted();
      const key = folder + name;
      if (!key.startsWith(prefix) && !prefix.startsWith(key)) continue;
      if (name.endsWith("/")) yield* this.#walk(key, prefix, signal);
      else if (key.startsWith(prefix)) yield* await this.#known(key);
    }
  }

  async #known(key: string): Promise<ObjectInfo[]> {
    const info = await this.stat(key);
    return info === undefined ? [] : [info];
  }

  /** What lies in a folder, folders with a `/`, in the order of their keys. */
  async #names(folder: string): Promise<string[]> {
    const entries = await readdir(join(this.#root, folder), { withFileTypes: true }).catch(async (error: unknown) => {
      if (!missing(error)) throw unavailable(error);
      if (await this.#isGone()) throw new RatatoskError("not_found", "the directory does not exist");
      return [];
    });
    return entries
      .filter(({ name }) => !name.includes("~"))
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort(byBytes);
  }

  async #isGone(): Promise<boolean> {
    return this.#isForeign && (await stat(this.#root).catch(() => undefined)) === undefined;
  }

  async #place(draft: string, target: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await makeDirectory(dirname(target));
        await rename(draft, target);
        return await syncDirectory(dirname(target));
      } catch (error) {
        // Another call may have pruned the directory in between.
        if (!missing(error) || attempt === placeAttempts) throw error;
      }
    }
  }

  async #prune(folder: string): Promise<void> {
    try {
      for (let at = folder; at !== "."; at = dirname(at)) await rmdir(join(this.#root, at));
    } catch {
      // Not empty, or another call was first.
    }
  }

  async #sweep(): Promise<void> {
    const folder = join(this.#root, temporary);
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw unavailable(error);
    });
    for (const name of await readdir(folder)) {
      const info = await stat(join(folder, name)).catch(() => undefined);
      if (info && Date.now() - info.mtimeMs > staleMs) await unlink(join(folder, name)).catch(() => undefined);
    }
  }
}

async function write(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, "wx");
  try {
    for (let at = 0; at < pieces.length; at += piecesAtOnce) await writeAll(file, pieces.slice(at, at + piecesAtOnce));
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  const { bytesWritten } = await file.writev(pieces);
  const wanted = pieces.reduce((sum, { length }) => sum + length, 0);
  // The disk is full, or a signal came in between: writing the rest tells which.
  if (bytesWritten < wanted) await file.writeFile(Buffer.concat(pieces).subarray(bytesWritten));
}

/** Makes a directory and writes each new one into its parent for good. */
async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let at = path; at.length >= first.length; at = dirname(at)) await syncDirectory(dirname(at));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function readExactly(file: FileHandle, start: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(bytes, at, length - at, start + at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

const missing = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
};

function unavailable(error: unknown): RatatoskError {
  if (error instanceof RatatoskError) return error;
  // Where the file lies is nobody's business: `ENOSPC: no space left on device, write '/…'`.
  const what = (error as Error).message.replace(/, \w+( '.*)?$/s, "");
  return new RatatoskError("unavailable", `object store: ${what}`, { cause: error });
}
