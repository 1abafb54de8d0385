import { TextDecoder } from "node:util";
import { closeSync, fstatSync } from "node:fs";
import type { Lines, Outlet } from "../lines.ts";
import { Origin } from "../origin.ts";
import type { ReadClock } from "../time/instant.ts";
import { decodeLines } from "./decode-lines.ts";
import { beginsAs, identify, inodeKey, isSignatureShort, signed, type FileIdentity } from "./file-identity.ts";
import type { LineScanner } from "./line-scanner.ts";

export interface TailedFileParts {
  readonly path: string;
  readonly job: string;
  readonly labels: Map<string, string>;
  readonly encoding: string | undefined;
  readonly scanner: LineScanner;
  readonly clock: ReadClock;
  readonly outlet: Outlet;
}

/** One open file with one content: reads its lines from where they were left. */
export class TailedFile {
  readonly fd: number;
  readonly inode: string;
  readonly origin: Origin;
  readonly #parts: TailedFileParts;
  readonly #decoder: TextDecoder | undefined;
  readonly #wide: "utf-16le" | "utf-16be" | undefined;
  size = 0;

  /** Takes over the descriptor. `left` is where a file of this identity was left. */
  constructor(fd: number, parts: TailedFileParts, left: { offset: number; file: FileIdentity | undefined }) {
    this.fd = fd;
    this.#parts = parts;
    const found = fstatSync(fd);
    this.inode = inodeKey(found);
    this.size = found.size;
    const isKnown = left.file === undefined || beginsAs(fd, left.file);
    this.origin = new Origin(parts.path, parts.job, isKnown && left.offset <= found.size ? left.offset : 0);
    this.origin.file = left.file && isKnown ? left.file : identify(fd, this.inode);
    if (parts.encoding !== undefined) {
      this.#decoder = new TextDecoder(parts.encoding, { ignoreBOM: true });
      if (this.#decoder.encoding.startsWith("utf-16")) this.#wide = this.#decoder.encoding as "utf-16le" | "utf-16be";
    }
  }

  get lag(): number {
    return Math.max(0, this.size - this.origin.read);
  }

  /** Whether its content is another one than what was read: shorter, or it begins otherwise. */
  isReplaced(): boolean {
    this.size = fstatSync(this.fd).size;
    return this.size < this.origin.read || !beginsAs(this.fd, this.origin.file!);
  }

  /** Hands on lines that are whole and says how many; 0 once there are none. `all` takes an unfinished last line too. */
  read(all = false): number {
    const { scanner } = this.#parts;
    const from = this.origin.read;
    scanner.read(this.fd, from, this.#wide);
    if (isSignatureShort(this.origin.file!) && scanner.length > 0)
      this.origin.file = signed(this.fd, this.origin.file!.id);
    if (scanner.count === 0 && all) scanner.takeRest();
    if (scanner.count === 0) return 0;
    const { count, consumed } = scanner;
    this.#parts.outlet.lines(this.#lines(from));
    this.origin.read = from + consumed;
    this.size = Math.max(this.size, this.origin.read);
    scanner.shrink();
    return count;
  }

  close(): void {
    closeSync(this.fd);
  }

  #lines(base: number): Lines {
    const { scanner, labels, clock } = this.#parts;
    const { bytes, starts, ends, count, consumed } = scanner;
    const lines = { origin: this.origin, labels, bytes, starts, ends, count, base, time: clock.take(count) };
    if (this.#decoder) return decodeLines(lines, this.#decoder, consumed);
    const endsWithNewline = consumed === ends[count - 1]! + 1;
    return endsWithNewline ? lines : { ...lines, offsets: Float64Array.of(base, base + consumed) };
  }
}
