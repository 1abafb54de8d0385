import type { Random } from "./random.ts";

/** What is used of a `FileHandle`. */
export interface Opened {
  write(bytes: Uint8Array, from: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  writev(pieces: readonly Uint8Array[], position?: number): Promise<{ bytesWritten: number }>;
  writeFile(text: string | Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The disk a file lies on. */
interface Device {
  wait(slow: boolean): Promise<void>;
  fails(): boolean;
}

const pageBytes = 512;

/** A file: what programs read, and what a power cut leaves of it. */
export class SimulatedFile {
  content: Buffer = Buffer.alloc(0);
  #durable: Buffer = Buffer.alloc(0);

  /** What was not synced is lost, or there in part, or torn. */
  crash(random: Random): void {
    const [before, after] = [this.#durable, this.content];
    let kept = before;
    if (random.chance(0.6)) {
      kept = Buffer.from(after.subarray(0, random.between(Math.min(before.length, after.length), after.length)));
      if (kept.length > before.length && random.chance(0.3)) tear(kept, before.length, random);
    }
    this.content = kept;
    this.#durable = kept;
  }

  handle(path: string, device: Device): Opened {
    const put = async (bytes: Uint8Array, position: number): Promise<{ bytesWritten: number }> => {
      await device.wait(false);
      const isFull = device.fails();
      const written = isFull ? bytes.subarray(0, bytes.length >> 1) : bytes;
      this.#write(written, position);
      if (isFull) throw errno("ENOSPC", path);
      return { bytesWritten: written.length };
    };
    const sync = async (): Promise<void> => {
      const content = Buffer.from(this.content);
      await device.wait(true);
      if (device.fails()) throw errno("EIO", path);
      this.#durable = content;
    };
    return {
      write: (bytes, from, length, position) => put(bytes.subarray(from, from + length), position),
      writev: (pieces, position = this.content.length) => put(Buffer.concat(pieces), position),
      writeFile: async (text) => void (await put(Buffer.from(text as string), 0)),
      truncate: async (length) => {
        await device.wait(false);
        this.content = Buffer.from(this.content.subarray(0, length));
      },
      datasync: sync,
      sync,
      close: async () => undefined,
    };
  }

  #write(bytes: Uint8Array, position: number): void {
    const content = Buffer.alloc(Math.max(this.content.length, position + bytes.length));
    this.content.copy(content);
    content.set(bytes, position);
    this.content = content;
  }
}

/** A page that was not written in between others that were. */
function tear(content: Buffer, from: number, random: Random): void {
  const at = random.between(from, content.length - 1);
  content.fill(0, at, Math.min(content.length, at + pageBytes));
}

/** An error as the system makes them. */
export const errno = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code });
