import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";

/** Where exported lines go: a file that is on disk after each batch, or standard output. */
export class ExportFile {
  readonly #path: string | undefined;
  readonly #size: number;
  #file: FileHandle | undefined;

  /** Bytes of the file behind `size` are of a batch that no cursor tells of: they are cut off. */
  constructor(path: string | undefined, size: number) {
    this.#path = path;
    this.#size = size;
  }

  async open(): Promise<void> {
    if (this.#path === undefined) return;
    this.#file = await open(this.#path, this.#size > 0 ? "r+" : "w");
    await this.#file.truncate(this.#size);
  }

  /** Appends rows; the bytes written. */
  async write(rows: readonly string[]): Promise<number> {
    const bytes = Buffer.from(rows.map((row) => `${row}\n`).join(""));
    if (this.#file === undefined) {
      if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
      return bytes.length;
    }
    const { size } = await this.#file.stat();
    await this.#file.write(bytes, 0, bytes.length, size);
    await this.#file.datasync();
    return bytes.length;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
