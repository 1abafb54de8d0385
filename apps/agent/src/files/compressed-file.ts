import { TextDecoder } from "node:util";
import { createReadStream, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip, createInflate } from "node:zlib";
import type { Outlet } from "../lines.ts";
import { Origin } from "../origin.ts";
import type { Positions } from "../positions.ts";
import type { ReadClock } from "../time/instant.ts";
import { bunzip2 } from "./bunzip2.ts";
import type { FileEvents } from "./file-events.ts";

export interface CompressedFileParts {
  readonly path: string;
  readonly job: string;
  readonly labels: Map<string, string>;
  readonly encoding: string | undefined;
  readonly format: string;
  readonly initialDelayMs: number;
  readonly positions: Positions;
  readonly events: FileEvents;
  readonly clock: ReadClock;
  readonly outlet: Outlet;
}

const maxLine = 2 * 1024 * 1024;

/** Reads a compressed file once, from the line where it was left. Its position counts lines. */
export class CompressedFile {
  readonly path: string;
  readonly origin: Origin;
  readonly #parts: CompressedFileParts;
  readonly #abort = new AbortController();
  readonly #decoder: TextDecoder | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #skip: number;
  readonly #shape: string;
  isDone = false;
  lines = 0;
  bytes = 0;
  lastError: string | undefined;

  constructor(parts: CompressedFileParts) {
    this.#parts = parts;
    this.path = parts.path;
    this.#skip = Number(parts.positions.get(parts.path) ?? 0) || 0;
    this.origin = new Origin(parts.path, parts.job, this.#skip);
    this.#shape = shapeOf(parts.path);
    if (parts.encoding !== undefined) this.#decoder = new TextDecoder(parts.encoding);
    parts.positions.track(this.origin);
    parts.events.opened(parts.path, this.#skip);
  }

  /** What could not be read may be whole by now. */
  get mayBeWhole(): boolean {
    return this.lastError !== undefined && !this.isDone && shapeOf(this.path) !== this.#shape;
  }

  /** Resolves at the end of the file; what keeps it from being read is told to `events`. */
  async read(): Promise<void> {
    const { events, path, initialDelayMs, outlet } = this.#parts;
    try {
      await sleep(initialDelayMs, undefined, { signal: this.#abort.signal });
      for await (const piece of this.#pieces()) {
        this.#take(this.#decoder ? Buffer.from(this.#decoder.decode(piece, { stream: true })) : piece);
        await outlet.ready();
        if (this.#abort.signal.aborted) return;
      }
      this.#take(Buffer.from(this.#decoder?.decode() ?? ""));
      if (this.#rest.length > 0) this.#emit([this.#rest]);
      this.isDone = true;
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      this.lastError = String(error);
      events.troubled(path, error, "cannot read the compressed file");
    }
  }

  close(): void {
    this.#abort.abort();
    this.#parts.positions.untrack(this.origin);
    this.#parts.events.closed(this.path);
  }

  #pieces(): AsyncIterable<Buffer> {
    const { path, format } = this.#parts;
    const file = createReadStream(path, { signal: this.#abort.signal });
    if (format === "gz") return file.on("error", () => undefined).pipe(createGunzip());
    if (format === "z") return file.on("error", () => undefined).pipe(createInflate());
    if (format === "bz2") return bunzip2(file as AsyncIterable<Buffer>);
    throw new Error(`file format "${format}" is not supported, it must be one of gz, z and bz2`);
  }

  #take(piece: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, piece]) : piece;
    const lines: Buffer[] = [];
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      lines.push(bytes.subarray(from, at));
      from = at + 1;
    }
    this.#rest = Buffer.from(bytes.subarray(from));
    if (this.#rest.length > maxLine) throw new Error("bufio.Scanner: token too long");
    if (lines.length > 0) this.#emit(lines);
  }

  #emit(all: readonly Buffer[]): void {
    const skipped = Math.min(this.#skip, all.length);
    this.#skip -= skipped;
    const lines = all.slice(skipped).map((line) => (line.at(-1) === 13 ? line.subarray(0, -1) : line));
    if (lines.length === 0) return;
    const starts = new Uint32Array(lines.length);
    const ends = new Uint32Array(lines.length);
    const from = this.origin.read;
    const offsets = Float64Array.from({ length: lines.length + 1 }, (_, i) => from + i);
    let at = 0;
    for (const [i, line] of lines.entries()) {
      starts[i] = at;
      ends[i] = at += line.length;
    }
    const { labels, clock, outlet, events, path } = this.#parts;
    const ranges = { bytes: Buffer.concat(lines), starts, ends, count: lines.length, base: 0, offsets };
    outlet.lines({ origin: this.origin, labels, ...ranges, time: clock.take(lines.length) });
    this.origin.read = from + lines.length;
    this.lines += lines.length;
    this.bytes += at;
    events.read(path, lines.length, this.origin.read, this.origin.read);
  }
}

/** Changes whenever the file is written. */
function shapeOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : "";
}
