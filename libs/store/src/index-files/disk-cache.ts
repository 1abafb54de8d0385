import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Copies of objects in a directory, up to a number of bytes; the oldest go first. What it cannot hold it forgets. */
export class DiskCache {
  readonly #directory: string;
  readonly #limit: number;
  readonly #sizes = new Map<string, number>();
  #bytes = 0;
  #opened: Promise<void> | undefined;

  constructor(directory: string, limitBytes: number) {
    this.#directory = directory;
    this.#limit = limitBytes;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    await (this.#opened ??= this.#open());
    return readFile(this.#path(key)).catch(() => undefined);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await (this.#opened ??= this.#open());
    const draft = join(this.#directory, `${randomUUID()}.draft`);
    try {
      await writeFile(draft, bytes);
      await rename(draft, this.#path(key));
      this.#note(nameOf(key), bytes.length);
      await this.#shrink();
    } catch {
      await unlink(draft).catch(() => undefined);
    }
  }

  async delete(key: string): Promise<void> {
    await this.#remove(nameOf(key));
  }

  async #open(): Promise<void> {
    await mkdir(this.#directory, { recursive: true }).catch(() => undefined);
    const names = await readdir(this.#directory).catch(() => []);
    const files = await Promise.all(
      names.map(async (name) => ({ name, info: await stat(join(this.#directory, name)) })),
    );
    for (const { name, info } of files.sort((a, b) => a.info.mtimeMs - b.info.mtimeMs)) {
      if (name.endsWith(".draft")) await unlink(join(this.#directory, name)).catch(() => undefined);
      else this.#note(name, info.size);
    }
  }

  #note(name: string, size: number): void {
    this.#bytes += size - (this.#sizes.get(name) ?? 0);
    this.#sizes.delete(name);
    this.#sizes.set(name, size);
  }

  async #shrink(): Promise<void> {
    for (const name of this.#sizes.keys()) {
      if (this.#bytes <= this.#limit) return;
      await this.#remove(name);
    }
  }

  async #remove(name: string): Promise<void> {
    this.#bytes -= this.#sizes.get(name) ?? 0;
    this.#sizes.delete(name);
    await unlink(join(this.#directory, name)).catch(() => undefined);
  }

  #path(key: string): string {
    return join(this.#directory, nameOf(key));
  }
}

const nameOf = (key: string): string => encodeURIComponent(key);
