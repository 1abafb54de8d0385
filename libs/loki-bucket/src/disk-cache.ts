import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface Entry {
  readonly bytes: number;
  /** Callers that are using the file: it is not removed under them. */
  users: number;
}

/** A draft that is older was left behind by a process that died. */
const staleMs = 3_600_000;

/**
 * Files kept in a directory up to a number of bytes; those not used for longest go first. They outlive the process, and
 * another process may keep its files in the same directory.
 */
export class DiskCache {
  readonly #directory: string;
  readonly #maxBytes: number;
  /** By file name, least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #loading = new Map<string, Promise<void>>();
  #bytes = 0;
  #opened: Promise<void> | undefined;

  constructor(directory: string, maxBytes: number) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
  }

  /** Runs `work` on the file of a key; `load` writes the file first when it is not there. */
  async use<T>(key: string, load: (path: string) => Promise<void>, work: (path: string) => Promise<T>): Promise<T> {
    await (this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    }));
    const name = nameOf(key);
    try {
      return await this.#useNow(name, load, work);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      this.#remove(name);
      return this.#useNow(name, load, work);
    }
  }

  /** Makes the file of a key, which may go at any time. */
  async write(key: string, bytes: Uint8Array): Promise<void> {
    await this.use(
      key,
      (path) => writeFile(path, bytes),
      async () => undefined,
    );
  }

  /** What the file of a key holds; undefined where there is none. */
  async read(key: string): Promise<Uint8Array | undefined> {
    return readFile(join(this.#directory, nameOf(key))).catch(() => undefined);
  }

  /** Forgets the file of a key, and removes it where that is possible. */
  async delete(key: string): Promise<void> {
    const name = nameOf(key);
    this.#remove(name);
    await rm(join(this.#directory, name), { force: true }).catch(() => undefined);
  }

  async #useNow<T>(
    name: string,
    load: (path: string) => Promise<void>,
    work: (path: string) => Promise<T>,
  ): Promise<T> {
    while (!this.#entries.has(name)) await this.#load(name, load);
    const entry = this.#entries.get(name)!;
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    entry.users++;
    try {
      return await work(join(this.#directory, name));
    } finally {
      entry.users--;
      await this.#evict();
    }
  }

  async #open(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    const names = await readdir(this.#directory);
    const files = (await Promise.all(names.map((name) => fileAt(this.#directory, name)))).filter(
      (file) => file !== undefined,
    );
    for (const { name, size, mtimeMs } of files.sort((a, b) => a.mtimeMs - b.mtimeMs))
      if (!name.endsWith(".part")) this.#add(name, size);
      else if (Date.now() - mtimeMs > staleMs) await rm(join(this.#directory, name), { force: true });
  }

  #load(name: string, load: (path: string) => Promise<void>): Promise<void> {
    const running = this.#loading.get(name);
    if (running !== undefined) return running;
    const loading = this.#write(name, load).finally(() => this.#loading.delete(name));
    this.#loading.set(name, loading);
    return loading;
  }

  async #write(name: string, load: (path: string) => Promise<void>): Promise<void> {
    const path = join(this.#directory, name);
    const part = `${path}.${randomUUID()}.part`;
    try {
      await load(part);
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    const now = new Date();
    await utimes(path, now, now);
    this.#add(name, (await stat(path)).size);
  }

  #add(name: string, bytes: number): void {
    this.#remove(name);
    this.#entries.set(name, { bytes, users: 0 });
    this.#bytes += bytes;
  }

  #remove(name: string): void {
    this.#bytes -= this.#entries.get(name)?.bytes ?? 0;
    this.#entries.delete(name);
  }

  async #evict(): Promise<void> {
    for (const [name, { users }] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      if (users > 0) continue;
      this.#remove(name);
      await rm(join(this.#directory, name), { force: true });
    }
  }
}

const nameOf = (key: string): string => createHash("sha256").update(key).digest("hex");

/** Undefined where it is no file, or none any more. */
async function fileAt(
  directory: string,
  name: string,
): Promise<{ name: string; size: number; mtimeMs: number } | undefined> {
  const info = await stat(join(directory, name)).catch(() => undefined);
  return info?.isFile() ? { name, size: info.size, mtimeMs: info.mtimeMs } : undefined;
}
