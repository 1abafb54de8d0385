import { mkdir, open, readdir, readFile, stat, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { RatatoskError } from "@ratatosk/model";
import { syncDirectory, writeDurably, writeWhole } from "./durable-file.ts";
import { encodeRecord, segmentMagic, type QueueRecord } from "./record.ts";
import { openSegment, readAt, segmentFirst, segmentPath, type Segment } from "./segment.ts";

export interface DiskQueueOptions {
  readonly directory: string;
  /** Bytes of all segments together. */
  readonly maxBytes: number;
  /** A segment is closed once it is this big. */
  readonly segmentBytes?: number;
  /** At `maxBytes`: refuse what is new, or drop the oldest segment. */
  readonly whenFull: "refuse_newest" | "drop_oldest";
  /** Called for what a damaged disk or a full queue has lost. */
  readonly onLost?: (event: { reason: "damaged" | "full"; records: number; path: string }) => void;
  /** Awaited before a segment of acknowledged records is removed. */
  readonly beforeRemoval?: () => Promise<void>;
  readonly now?: () => number;
}

interface Waiting {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: unknown) => void;
}

const cursorName = "acknowledged";
const recentBudget = 4 * 1024 * 1024;

/**
 * Records on disk between an appender and a reader. `append` resolves once the record is fsynced; records appended
 * meanwhile share the next fsync. The reader goes through them in order and acknowledges; what is acknowledged may be
 * read again after a crash, so a record's sequence names it for good.
 */
export class DiskQueue {
  readonly #options: DiskQueueOptions;
  readonly #segments: Segment[] = [];
  readonly #recent = new Map<number, QueueRecord>();
  #recentBytes = 0;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #out: FileHandle | undefined;
  #in: { segment: Segment; file: FileHandle; offset: number; passed: number } | undefined;
  #next = 1;
  #acknowledged = 0;
  #persisted = 0;
  #durable = 0;
  #oldest: { sequence: number; timeMs: number } | undefined;

  private constructor(options: DiskQueueOptions) {
    this.#options = options;
  }

  /** Opens always, whatever lies in the directory: a torn end is left behind, damaged records are skipped and counted. */
  static async open(options: DiskQueueOptions): Promise<DiskQueue> {
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    const queue = new DiskQueue(options);
    await queue.#load();
    return queue;
  }

  /** Sequence of the next record appended. */
  get nextSequence(): number {
    return this.#next;
  }

  /** Everything up to this sequence is acknowledged. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** Bytes of all segments on disk. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Records not yet acknowledged. */
  get length(): number {
    return this.#next - 1 - this.#acknowledged;
  }

  /** When the oldest record that waits was appended (unix ms), as far as it has been read. */
  get oldestMs(): number | undefined {
    return this.length > 0 ? this.#oldest?.timeMs : undefined;
  }

  /** Appends a record and returns its sequence once it is fsynced. Throws limit_exceeded where the queue is full, or the disk's error. */
  append(head: Uint8Array, body: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ head, body, resolve, reject });
      this.#flushing ??= this.#flush().finally(() => {
        this.#flushing = undefined;
      });
    });
  }

  /** Whether a record is still in memory, so that reading it gives the very bytes that were appended. */
  holds(sequence: number): boolean {
    return this.#recent.has(sequence);
  }

  /** The first readable record after `sequence`, or undefined where there is none yet. One reader. */
  async read(after: number): Promise<QueueRecord | undefined> {
    for (let sequence = after + 1; sequence < this.#next; sequence++) {
      const recent = this.#recent.get(sequence);
      if (recent) return this.#seen(recent);
      const segment = this.#segments.find(({ last }) => last >= sequence);
      if (segment === undefined) break;
      const record = await this.#readFrom(segment, Math.max(sequence, segment.first));
      if (record) return this.#seen(record);
      sequence = Math.max(sequence, segment.last);
    }
    return undefined;
  }

  /** Everything up to `sequence` has reached its goal. Known after a crash from the next `persist` on. */
  acknowledge(sequence: number): void {
    if (sequence <= this.#acknowledged) return;
    this.#acknowledged = sequence;
    for (const [known, { body, head }] of this.#recent) {
      if (known > sequence) break;
      this.#recent.delete(known);
      this.#recentBytes -= body.length + head.length;
    }
  }

  /**
   * Writes how far is acknowledged, then removes the segments that nobody needs. It is fsynced only before that: what a
   * power cut makes it forget is read again, and all of it is still there.
   */
  async persist(isLast = false): Promise<void> {
    const upTo = this.#acknowledged;
    const mustLast = isLast || (this.#segments.length > 1 && this.#segments[0]!.last <= upTo);
    const path = join(this.#options.directory, cursorName);
    if (mustLast && upTo !== this.#durable) {
      await writeDurably(path, `${upTo}\n`);
      this.#durable = upTo;
    } else if (upTo !== this.#persisted) await writeWhole(path, `${upTo}\n`);
    this.#persisted = upTo;
    if (mustLast) await this.#options.beforeRemoval?.();
    while (this.#segments.length > 1 && this.#segments[0]!.last <= upTo) await this.#removeOldest();
  }

  /** Heads of all records on disk, acknowledged ones too, oldest first. */
  async *heads(): AsyncGenerator<QueueRecord> {
    for (const segment of this.#segments.slice()) {
      const opened = await openSegment(segment.path);
      if (opened === undefined) continue;
      try {
        for (let offset = segmentMagic.length; ;) {
          const found = await readAt(opened.file, offset, opened.size, false);
          if (found.kind === "end") break;
          offset = found.next;
          if (found.kind === "record") yield found.record;
        }
      } finally {
        await opened.file.close();
      }
    }
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.persist(true);
    await this.#out?.close();
    await this.#in?.file.close();
    this.#out = undefined;
    this.#in = undefined;
  }

  async #load(): Promise<void> {
    const { directory } = this.#options;
    const names = (await readdir(directory)).flatMap((name) => segmentFirst(name) ?? []).sort((a, b) => a - b);
    const cursor = await readFile(join(directory, cursorName), "utf8").catch(() => "0");
    for (const first of names) await this.#loadSegment(segmentPath(directory, first), first);
    this.#acknowledged = this.#persisted = Number.parseInt(cursor, 10) || 0;
    this.#next = Math.max(this.#next, this.#acknowledged + 1);
    const firstLeft = this.#segments[0]?.first ?? this.#next;
    this.#acknowledged = Math.max(this.#acknowledged, firstLeft - 1);
  }

  async #loadSegment(path: string, first: number): Promise<void> {
    // Made just before a crash. Its name is given again, so nobody may take it for a segment that has been read.
    if ((await stat(path)).size <= segmentMagic.length) return unlink(path);
    const opened = await openSegment(path);
    if (opened === undefined) {
      this.#options.onLost?.({ reason: "damaged", records: 0, path });
      return;
    }
    const segment: Segment = { path, first, last: first - 1, bytes: opened.size };
    for (let offset = segmentMagic.length; ;) {
      const found = await readAt(opened.file, offset, opened.size, false);
      if (found.kind === "end") {
        // A torn record was never fsynced, so never sent; its number is still not given again, in case it was and is damaged.
        if (found.torn) segment.last += 1;
        break;
      }
      offset = found.next;
      segment.last = found.kind === "record" ? found.record.sequence : found.sequence;
    }
    await opened.file.close();
    this.#segments.push(segment);
    this.#next = Math.max(this.#next, segment.last + 1);
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const accepted: Waiting[] = [];
        for (const one of batch) if (await this.#makeRoom(one)) accepted.push(one);
        if (accepted.length > 0) await this.#write(accepted);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  async #makeRoom({ head, body, reject }: Waiting): Promise<boolean> {
    const wanted = head.length + body.length;
    if (this.bytes + wanted > this.#options.maxBytes) await this.persist();
    while (this.#options.whenFull === "drop_oldest" && this.bytes + wanted > this.#options.maxBytes) {
      if (this.#segments.length === 0) break;
      const [oldest] = this.#segments as [Segment];
      const records = oldest.last - Math.max(this.#acknowledged, oldest.first - 1);
      await this.#removeOldest();
      this.acknowledge(oldest.last);
      if (records > 0) this.#options.onLost?.({ reason: "full", records, path: oldest.path });
    }
    if (this.bytes + wanted <= this.#options.maxBytes) return true;
    reject(new RatatoskError("limit_exceeded", `the buffer in ${this.#options.directory} is full`));
    return false;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const segment = await this.#currentSegment();
    const timeMs = this.#options.now?.() ?? Date.now();
    const records = batch.map(({ head, body }, i) => ({ sequence: this.#next + i, timeMs, head, body }));
    const encoded = records.flatMap(encodeRecord);
    try {
      await writeFully(this.#out!, encoded, segment.bytes);
      await this.#out!.datasync();
    } catch (error) {
      await this.#abandon(segment);
      throw error;
    }
    segment.bytes += encoded.reduce((sum, { length }) => sum + length, 0);
    segment.last = records.at(-1)!.sequence;
    this.#next = segment.last + 1;
    for (const record of records) this.#remember(record);
    for (const [i, { resolve }] of batch.entries()) resolve(records[i]!.sequence);
  }

  /** After a failed write the file's end is unknown: what was written is cut off, the next record opens a new segment. An empty one goes. */
  async #abandon(segment: Segment): Promise<void> {
    await this.#out?.truncate(segment.bytes).catch(() => undefined);
    await this.#out?.close().catch(() => undefined);
    this.#out = undefined;
    this.#next += 1;
    if (segment.last >= segment.first) return;
    this.#segments.pop();
    await unlink(segment.path).catch(() => undefined);
  }

  async #currentSegment(): Promise<Segment> {
    const current = this.#segments.at(-1);
    if (this.#out && current && current.bytes < (this.#options.segmentBytes ?? 16 * 1024 * 1024)) return current;
    await this.#out?.close();
    this.#out = undefined;
    const path = segmentPath(this.#options.directory, this.#next);
    const file = await open(path, "w", 0o600);
    try {
      await writeFully(file, [segmentMagic], 0);
      await syncDirectory(this.#options.directory);
    } catch (error) {
      await file.close();
      await unlink(path).catch(() => undefined);
      throw error;
    }
    this.#out = file;
    const segment = { path, first: this.#next, last: this.#next - 1, bytes: segmentMagic.length };
    this.#segments.push(segment);
    return segment;
  }

  async #removeOldest(): Promise<void> {
    const [oldest] = this.#segments.splice(0, 1);
    if (oldest === undefined) return;
    if (this.#in?.segment === oldest) {
      await this.#in.file.close();
      this.#in = undefined;
    }
    if (this.#segments.length === 0) {
      await this.#out?.close();
      this.#out = undefined;
    }
    await unlink(oldest.path).catch(() => undefined);
  }

  /** The first intact record of the segment from `sequence` on. */
  async #readFrom(segment: Segment, sequence: number): Promise<QueueRecord | undefined> {
    if (this.#in?.segment !== segment) {
      await this.#in?.file.close();
      this.#in = undefined;
      const opened = await openSegment(segment.path);
      if (opened === undefined) return undefined;
      this.#in = { segment, file: opened.file, offset: segmentMagic.length, passed: 0 };
    }
    if (sequence <= this.#in.passed) this.#in.offset = segmentMagic.length;
    for (;;) {
      const found = await readAt(this.#in.file, this.#in.offset, segment.bytes, true);
      if (found.kind === "end") {
        if (found.torn) this.#options.onLost?.({ reason: "damaged", records: 1, path: segment.path });
        return undefined;
      }
      this.#in.offset = found.next;
      if (found.kind === "damaged") this.#options.onLost?.({ reason: "damaged", records: 1, path: segment.path });
      else {
        this.#in.passed = found.record.sequence;
        if (this.#in.passed >= sequence) return found.record;
      }
    }
  }

  #remember(record: QueueRecord): void {
    const size = record.head.length + record.body.length;
    if (this.#recentBytes + size > recentBudget) return;
    this.#recent.set(record.sequence, record);
    this.#recentBytes += size;
  }

  #seen(record: QueueRecord): QueueRecord {
    this.#oldest = { sequence: record.sequence, timeMs: record.timeMs };
    return record;
  }
}

async function writeFully(file: FileHandle, parts: readonly Uint8Array[], position: number): Promise<void> {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const { bytesWritten } = await file.writev(parts, position);
  if (bytesWritten === size) return;
  const rest = Buffer.concat(parts).subarray(bytesWritten);
  if (bytesWritten === 0) throw new Error("nothing could be written");
  await writeFully(file, [rest], position + bytesWritten);
}
