/** A line of a container: when it was written, to which stream. `time` is RFC 3339 with nanoseconds as Docker writes it. */
export interface ContainerLine {
  readonly stream: "stdout" | "stderr";
  readonly time: string;
  readonly line: Buffer;
}

/** What of a longer line is not kept. */
const maxLineBytes = 256 * 1024;
const headerBytes = 8;

interface Pending {
  time: string;
  parts: Buffer[];
  bytes: number;
}

/**
 * Takes apart what the log endpoint sends: frames of two streams, or the raw text of a terminal. Every piece begins with
 * its time; pieces of one line (Docker splits at 16 KiB) have the same time and are joined.
 */
export class ContainerLines {
  readonly #isTty: boolean;
  readonly #maxBytes: number;
  #rest: Buffer = Buffer.alloc(0);
  readonly #pending = new Map<"stdout" | "stderr", Pending>();
  /** Pieces without a time. */
  errors = 0;

  constructor(isTty: boolean, maxBytes = maxLineBytes) {
    this.#isTty = isTty;
    this.#maxBytes = maxBytes;
  }

  /** The lines that this piece of the stream completes. */
  take(piece: Buffer): ContainerLine[] {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : piece;
    const lines: ContainerLine[] = [];
    const used = this.#isTty ? this.#takeRaw(bytes, lines) : this.#takeFrames(bytes, lines);
    this.#rest = Buffer.from(bytes.subarray(used));
    return lines;
  }

  /** Unfinished lines, at the end of the stream. */
  end(): ContainerLine[] {
    const lines: ContainerLine[] = [];
    if (this.#isTty && this.#rest.length > 0) this.#piece("stdout", this.#rest, lines);
    for (const stream of this.#pending.keys()) this.#letGo(stream, lines);
    return lines;
  }

  #takeFrames(bytes: Buffer, lines: ContainerLine[]): number {
    let at = 0;
    while (at + headerBytes <= bytes.length) {
      const size = bytes.readUInt32BE(at + 4);
      if (at + headerBytes + size > bytes.length) break;
      const content = bytes.subarray(at + headerBytes, at + headerBytes + size);
      this.#piece(bytes[at] === 2 ? "stderr" : "stdout", content, lines);
      at += headerBytes + size;
    }
    return at;
  }

  #takeRaw(bytes: Buffer, lines: ContainerLine[]): number {
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      this.#piece("stdout", bytes.subarray(from, at + 1), lines);
      from = at + 1;
    }
    if (bytes.length - from <= this.#maxBytes * 2) return from;
    this.#piece("stdout", bytes.subarray(from), lines);
    return bytes.length;
  }

  #piece(stream: "stdout" | "stderr", content: Buffer, lines: ContainerLine[]): void {
    const space = content.indexOf(32);
    const time = space > 0 ? content.toString("latin1", 0, space) : "";
    if (!/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(time)) {
      this.errors += 1;
      return;
    }
    const isEnd = content.at(-1) === 10;
    const text = content.subarray(space + 1, isEnd ? content.length - 1 : content.length);
    const pending = this.#pending.get(stream);
    if (pending && pending.time !== time) this.#letGo(stream, lines);
    const open = this.#pending.get(stream) ?? { time, parts: [], bytes: 0 };
    const kept = text.subarray(0, Math.max(0, this.#maxBytes - open.bytes));
    if (kept.length > 0) open.parts.push(Buffer.from(kept));
    open.bytes += kept.length;
    this.#pending.set(stream, open);
    if (isEnd) this.#letGo(stream, lines);
  }

  #letGo(stream: "stdout" | "stderr", lines: ContainerLine[]): void {
    const { time, parts } = this.#pending.get(stream)!;
    this.#pending.delete(stream);
    const line = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    lines.push({ stream, time, line: line.at(-1) === 13 ? line.subarray(0, -1) : line });
  }
}
