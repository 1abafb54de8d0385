import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

interface Entry {
  readonly bytes: number;
  /** Callers that are using the file: it is not removed under them. */
  users: number;
}

/** Files kept in a directory up to a number of bytes; those not used for longest go first. They outlive the process. */
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
    await (this.#opened ??= this.#open());
    const name = createHash("sha256").update(key).digest("hex");
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
    const found = await Promise.all(
      (await readdir(this.#directory)).map(async (name) => ({
        name,
        ...pick(await stat(join(this.#directory, name))),
      })),
    );
    for (const { name, size } of found.sort((a, b) => a.mtimeMs - b.mtimeMs))
      if (name.endsWith(".part")) await rm(join(this.#directory, name), { force: true });
      else this.#add(name, size);
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
    const part = `${path}.part`;
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
    this.#entries.set(name, { bytes, users: 0 });
    this.#bytes += bytes;
  }

  async #evict(): Promise<void> {
    for (const [name, { bytes, users }] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      if (users > 0) continue;
      this.#entries.delete(name);
      this.#bytes -= bytes;
      await rm(join(this.#directory, name), { force: true });
    }
  }
}

const pick = ({ size, mtimeMs }: { size: number; mtimeMs: number }): { size: number; mtimeMs: number } => ({
  size,
  mtimeMs,
});
