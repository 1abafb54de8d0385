import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readFile, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { RatatoskError } from "@ratatosk/model";
import type { Logger, Registry } from "@ratatosk/observability";
import { WalEvents } from "./events.ts";
import { recordHeader, recordHeaderBytes, scanRecords, type WalRecord } from "./record.ts";
import {
  createSegment,
  fileHeaderBytes,
  fileName,
  headerFault,
  listSegments,
  seedOf,
  type SegmentFile,
  type SegmentName,
  syncDirectory,
} from "./segment-file.ts";

export interface WalOptions {
  readonly directory: string;
  /** Size at which a part is closed and the next begun. */
  readonly segmentBytes: number;
  readonly log: Logger;
  readonly registry: Registry;
}

interface Waiting {
  readonly record: WalRecord;
  readonly applied: () => void;
  readonly resolve: () => void;
  readonly reject: (error: RatatoskError) => void;
}

interface Turn {
  readonly first: () => readonly WalRecord[];
  readonly switched: () => void;
  readonly resolve: (generation: number) => void;
  readonly reject: (error: RatatoskError) => void;
}

/** As much is written by one fsync at most, so that no append waits long behind others. */
const commitBytes = 8 * 2 ** 20;

/**
 * A log of records, durable once `append` resolves. Records that wait together share one fsync. The log is kept in
 * generations: `rotate` begins the next, `drop` deletes one whose content has become durable elsewhere.
 */
export class Wal {
  /** Names this log for ever: another directory has another id. */
  readonly id: string;
  readonly #directory: string;
  readonly #segmentBytes: number;
  readonly #events: WalEvents;
  readonly #sizes = new Map<string, number>();
  #segments: SegmentName[];
  #waiting: (Waiting | Turn)[] = [];
  #working: Promise<void> | undefined;
  #current: SegmentName;
  #file: SegmentFile | undefined;
  #durable = 0;
  #closed = false;

  private constructor(options: WalOptions, id: string, segments: SegmentName[]) {
    this.id = id;
    this.#directory = options.directory;
    this.#segmentBytes = options.segmentBytes;
    this.#segments = segments;
    this.#events = new WalEvents(options.log, options.registry, () => this.bytesInUse);
    // What was written last may end in a torn record: a new part follows it.
    const last = segments.at(-1);
    this.#current = { generation: last?.generation ?? 1, part: last?.part ?? 0 };
  }

  /** Opens the log of a directory, which is made where missing. Nothing is read before `replay`. */
  static async open(options: WalOptions): Promise<Wal> {
    await mkdir(options.directory, { recursive: true });
    const wal = new Wal(options, await identity(options.directory), await listSegments(options.directory));
    for (const name of wal.#segments) {
      const { size } = await stat(wal.#path(name));
      wal.#sizes.set(fileName(name), size);
    }
    return wal;
  }

  /** The generation that appends go to. */
  get generation(): number {
    return this.#current.generation;
  }

  /** Generations with records on disk, oldest first. */
  get generations(): number[] {
    return [...new Set(this.#segments.map(({ generation }) => generation))];
  }

  get bytesInUse(): number {
    return this.#sizes.values().reduce((sum, size) => sum + size, 0);
  }

  /** The records of a generation, oldest first; their payloads are views into a part, held one at a time. */
  async *replay(generation: number): AsyncGenerator<WalRecord> {
    for (const name of this.#segments.filter((name) => name.generation === generation)) yield* this.#read(name);
  }

  /**
   * Appends a record. Once it is durable `applied` runs, in the order of the records and before a later generation
   * begins; then the promise resolves. Rejects with unavailable when the disk takes no more.
   */
  append(record: WalRecord, applied: () => void = () => undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#enqueue({ record, applied, resolve, reject });
    return promise;
  }

  /**
   * Begins the next generation with the records that `first` returns, and resolves with the number of the one that
   * ended. `switched` runs between the last record of the old and the first append of the new.
   */
  rotate(first: () => readonly WalRecord[], switched: () => void): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#enqueue({ first, switched, resolve, reject });
    return promise;
  }

  /** Deletes an older generation. */
  async drop(generation: number): Promise<void> {
    for (const name of this.#segments.filter((name) => name.generation === generation)) {
      await unlink(this.#path(name));
      this.#sizes.delete(fileName(name));
    }
    this.#segments = this.#segments.filter((name) => name.generation !== generation);
    await syncDirectory(this.#directory);
  }

  /** Waits for what was appended, then lets go of the file. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#file?.handle.close();
    this.#file = undefined;
  }

  #enqueue(job: Waiting | Turn): void {
    if (this.#closed) {
      job.reject(new RatatoskError("unavailable", "the write-ahead log is closed"));
      return;
    }
    this.#waiting.push(job);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    // Others that arrive in this turn of the event loop share the fsync.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const head = this.#waiting[0]!;
      if ("first" in head) await this.#turn(this.#waiting.shift() as Turn);
      else await this.#commit(this.#takeBatch());
    }
    this.#working = undefined;
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const job of this.#waiting) {
      if ("first" in job || (count > 0 && bytes + job.record.payload.length > commitBytes)) break;
      bytes += job.record.payload.length + recordHeaderBytes;
      count++;
    }
    return this.#waiting.splice(0, count) as Waiting[];
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#write(batch.map(({ record }) => record));
    } catch (error) {
      const failure = this.#failed(error);
      for (const { reject } of batch) reject(failure);
      return;
    }
    for (const { applied, resolve, reject } of batch) {
      try {
        applied();
        resolve();
      } catch (error) {
        reject(RatatoskError.from(error));
      }
    }
  }

  async #turn({ first, switched, resolve, reject }: Turn): Promise<void> {
    const ended = this.#current.generation;
    try {
      await this.#begin({ generation: ended + 1, part: 1 });
    } catch (error) {
      reject(this.#failed(error));
      return;
    }
    // The generation has ended, whatever becomes of the first records.
    await this.#write(first()).catch((error: unknown) => this.#failed(error));
    switched();
    resolve(ended);
  }

  async #write(records: readonly WalRecord[]): Promise<void> {
    if (this.#file === undefined || this.#durable >= this.#segmentBytes)
      await this.#begin({ generation: this.#current.generation, part: this.#current.part + 1 });
    const { handle, seed } = this.#file!;
    const pieces = records.flatMap((record) => [recordHeader(record, seed), record.payload]);
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (bytes === 0) return;
    try {
      await writeAll(handle, pieces, this.#durable);
      await handle.datasync();
    } catch (error) {
      await this.#cutBack();
      throw error;
    }
    this.#durable += bytes;
    this.#sizes.set(fileName(this.#current), this.#durable);
    this.#events.committed(records.length, bytes);
  }

  async #begin(name: SegmentName): Promise<void> {
    const file = await createSegment(this.#directory, name).catch(async (error: unknown) => {
      await unlink(this.#path(name)).catch(() => undefined);
      throw error;
    });
    await this.#file?.handle.close();
    this.#file = file;
    this.#current = name;
    this.#durable = fileHeaderBytes;
    this.#segments.push(name);
    this.#sizes.set(fileName(name), this.#durable);
  }

  /** Removes what a failed write left behind; where that fails too, the next append begins a new part. */
  async #cutBack(): Promise<void> {
    try {
      await this.#file!.handle.truncate(this.#durable);
    } catch {
      await this.#file!.handle.close().catch(() => undefined);
      this.#file = undefined;
    }
  }

  #failed(error: unknown): RatatoskError {
    this.#events.writeFailed(error as NodeJS.ErrnoException);
    const message = `the write-ahead log cannot be written: ${(error as Error).message}`;
    return new RatatoskError("unavailable", message, { cause: error });
  }

  async *#read(name: SegmentName): AsyncGenerator<WalRecord> {
    const file = fileName(name);
    const bytes = await readFile(this.#path(name));
    const fault = headerFault(bytes, name);
    if (fault !== undefined) {
      this.#events.unreadable(file, fault);
      return;
    }
    for (const found of scanRecords(bytes, fileHeaderBytes, seedOf(bytes))) {
      if (found.kind === "record") yield found.record;
      else if (found.kind === "damage") this.#events.damaged(file, found.start, found.end);
      else await this.#cutTail(name, found.start, bytes.length);
    }
  }

  async #cutTail(name: SegmentName, at: number, size: number): Promise<void> {
    this.#events.tornTail(fileName(name), at, size - at);
    const file = await open(this.#path(name), "r+");
    await file.truncate(at);
    await file.datasync();
    await file.close();
    this.#sizes.set(fileName(name), at);
  }

  #path(name: SegmentName): string {
    return join(this.#directory, fileName(name));
  }
}

/** The id kept in the directory's file `id`, made at first. */
async function identity(directory: string): Promise<string> {
  const path = join(directory, "id");
  const known = await readFile(path, "utf8").catch(() => "");
  if (/^[0-9a-f]{12}$/.test(known)) return known;
  const id = randomBytes(6).toString("hex");
  const file = await open(path, "w");
  try {
    await file.writeFile(id);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(directory);
  return id;
}

async function writeAll(file: FileHandle, pieces: readonly Uint8Array[], position: number): Promise<void> {
  const { bytesWritten } = await file.writev(pieces, position);
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (bytesWritten === total) return;
  const rest = Buffer.concat(pieces).subarray(bytesWritten);
  for (let at = 0; at < rest.length;) {
    const written = await file.write(rest, at, rest.length - at, position + bytesWritten + at);
    at += written.bytesWritten;
  }
}
