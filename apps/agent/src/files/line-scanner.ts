import { readSync } from "node:fs";
import { maxLineBytes } from "./file-config.ts";

const firstBytes = 256 * 1024;
const newline = 0x0a;

/**
 * The buffer into which files are read, one for all of them, and where its lines lie. A line that does not fit makes it
 * grow, up to the longest line there may be.
 */
export class LineScanner {
  bytes = Buffer.allocUnsafeSlow(firstBytes);
  starts = new Uint32Array(firstBytes / 16);
  ends = new Uint32Array(firstBytes / 16);
  count = 0;
  /** Bytes up to the end of the last whole line. */
  consumed = 0;
  /** Bytes read. */
  length = 0;

  /** Reads from `offset` on and finds the whole lines. `wide` splits at UTF-16 newlines. */
  read(fd: number, offset: number, wide?: "utf-16le" | "utf-16be"): void {
    for (;;) {
      this.length = readSync(fd, this.bytes, 0, this.bytes.length, offset);
      if (wide) this.#splitWide(wide);
      else this.#split();
      if (this.count > 0 || this.length < this.bytes.length) return;
      if (this.bytes.length >= maxLineBytes) return this.#piece();
      this.bytes = Buffer.allocUnsafeSlow(this.bytes.length * 4);
    }
  }

  /** The rest behind the last newline as a line. */
  takeRest(): void {
    this.count = 0;
    if (this.length === 0) return;
    this.#add(0, this.length);
    this.consumed = this.length;
  }

  /** Lets go of a buffer that one long line has needed. */
  shrink(): void {
    if (this.bytes.length > firstBytes) this.bytes = Buffer.allocUnsafeSlow(firstBytes);
  }

  #split(): void {
    const { bytes, length } = this;
    this.count = 0;
    let from = 0;
    while (from < length) {
      const at = bytes.indexOf(newline, from);
      if (at < 0 || at >= length) break;
      this.#add(from, at);
      from = at + 1;
    }
    this.consumed = from;
  }

  #splitWide(wide: "utf-16le" | "utf-16be"): void {
    const { bytes, length } = this;
    const low = wide === "utf-16le" ? 0 : 1;
    this.count = 0;
    this.consumed = 0;
    for (let at = 0; at + 1 < length; at += 2)
      if (bytes[at + low] === newline && bytes[at + 1 - low] === 0) {
        this.#add(this.consumed, at);
        this.consumed = at + 2;
      }
  }

  #piece(): void {
    this.count = 0;
    this.#add(0, this.length);
    this.consumed = this.length;
  }

  #add(start: number, end: number): void {
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
  }
}

function grown(old: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(old.length * 2);
  next.set(old);
  return next;
}
