import { setTimeout as sleep } from "node:timers/promises";
import type { DiskQueue, QueueRecord } from "@ratatosk/disk-queue";
import { snappyCompress } from "@ratatosk/kernels";
import { RatatoskError } from "@ratatosk/model";
import type { Origin, Part } from "../origin.ts";
import type { ClientConfig } from "./client-config.ts";
import type { Courier, Delivery } from "./delivery.ts";
import type { KeptMarks } from "./kept-marks.ts";
import { letGo } from "./let-go.ts";
import { OpenBatch } from "./open-batch.ts";
import type { PushEvents } from "./push-events.ts";
import { decodeHead, encodeHead, type RecordHead } from "./record-head.ts";

export interface ConsumerParts {
  readonly config: ClientConfig;
  readonly tenant: string;
  readonly courier: Courier;
  readonly events: PushEvents;
  readonly nextCut: () => number;
  readonly open: () => Promise<ConsumerQueue>;
}

/** Where a consumer's batches wait. */
export interface ConsumerQueue {
  /** Names this queue's batches to the server; never changes while the queue exists. */
  readonly id: string;
  /** Resolves once the id is as durable as batches are to be. */
  readonly named: () => Promise<void>;
  /** Absent where no directory can be written: batches are then kept in memory and positions wait for the server's answer. */
  readonly queue: DiskQueue | undefined;
  /** Marks that outlive the queue's records. */
  readonly kept: KeptMarks;
}

/** A batch that lies nowhere but in memory: the disk does not take it. Once on its way it is not put into the buffer any more. */
interface Unbuffered {
  readonly delivery: Delivery;
  isOnItsWay: boolean;
  done(): void;
}

const maxPending = 2;
const retryDiskMs = 500;
const startedMs = Date.now();

/**
 * One client and tenant: gathers entries into batches, puts each batch into the buffer and brings what lies there to the
 * server, in order. Gathering and bringing know each other only by the buffer.
 */
export class Consumer {
  readonly #parts: ConsumerParts;
  readonly #host: string;
  #batch: OpenBatch | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #pending: OpenBatch[] = [];
  #storing: Promise<void> = Promise.resolve();
  readonly #unbuffered: Unbuffered[] = [];
  #unbufferedSequence = 0;
  #opened: ConsumerQueue | undefined;
  #opening: Promise<ConsumerQueue> | undefined;
  #room: PromiseWithResolvers<void> | undefined;
  #work = Promise.withResolvers<void>();
  #sender: Promise<void> | undefined;
  readonly #stop = new AbortController();
  #isIdle = true;
  #isDiskWell = true;

  constructor(parts: ConsumerParts) {
    this.#parts = parts;
    this.#host = new URL(parts.config.url).host;
  }

  /** Opens its queue; entries may be added before. */
  opened(): Promise<ConsumerQueue> {
    return (this.#opening ??= this.#parts.open().then((opened) => (this.#opened = opened)));
  }

  start(): void {
    this.#sender ??= this.#bring();
  }

  /** Bytes and age of what waits on disk. */
  observe(): void {
    const { tenant, events } = this.#parts;
    const queue = this.#opened?.queue;
    if (queue) events.buffer(this.#host, tenant, queue.bytes, queue.oldestMs);
  }

  get backlog(): { batches: number; bytes: number; oldestMs: number | undefined; lastError: string | undefined } {
    const { courier } = this.#parts;
    const queue = this.#opened?.queue;
    return {
      batches: queue?.length ?? this.#unbuffered.length,
      bytes: queue?.bytes ?? 0,
      oldestMs: queue?.oldestMs,
      lastError: courier.lastError,
    };
  }

  /** Whether an earlier run has brought an entry into the buffer already, by what its origin's past says of it. */
  has({ past, branch }: Origin, given: number): boolean {
    return given !== 0 && this.#opened !== undefined && (given & (past?.bitOf(this.#opened.id, branch) ?? 0)) !== 0;
  }

  /** Adds `line[from … to)`; `start` is where it begins in its origin. */
  add(
    labels: string,
    line: Buffer,
    from: number,
    to: number,
    seconds: number,
    nanos: number,
    origin: Origin,
    start: number,
    metadata?: Buffer,
    metadataBytes = 0,
  ): void {
    const { config, events, tenant } = this.#parts;
    const size = to - from + metadataBytes;
    if (this.#batch && this.#batch.bytes + size > config.batchBytes) this.#cut();
    const batch = (this.#batch ??= this.#open());
    if (config.maxStreams > 0 && batch.streams >= config.maxStreams && !batch.has(labels)) {
      events.dropped(this.#host, tenant, "stream_limited", 1, size);
      return;
    }
    batch.bytes += size;
    batch.entries += 1;
    batch.stream(labels).add(line, from, to, seconds, nanos, metadata);
    if (batch.touch(origin, start)) this.#keep(origin);
  }

  /** The entry added last holds lines of other origins too. */
  also(parts: readonly Part[]): void {
    for (const { origin, start } of parts) if (this.#batch?.touch(origin, start)) this.#keep(origin);
  }

  /** A promise while too much waits for the disk. */
  ready(): Promise<void> | undefined {
    if (this.#pending.length < maxPending) return undefined;
    return (this.#room ??= Promise.withResolvers<void>()).promise;
  }

  /** Puts what is gathered into the buffer; resolves once it is there. */
  async flush(): Promise<void> {
    if (this.#batch && this.#batch.entries > 0) this.#cut();
    await this.#storing;
  }

  /** Resolves once nothing waits, at the latest when the signal aborts. */
  async drained(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(this.#isIdle && this.#pending.length === 0)) await sleep(20);
  }

  /** Stops bringing; what is not delivered stays in the buffer. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop.abort();
    this.#work.resolve();
    await this.#sender;
    await Promise.race([this.#storing, sleep(1000, undefined, { ref: false })]);
    await this.#opened?.queue?.close().catch((error: unknown) => this.#diskFailed(error));
  }

  /** Forgets what has been delivered, once positions are saved. */
  async persist(): Promise<void> {
    await this.#opened?.queue?.persist().catch((error: unknown) => this.#diskFailed(error));
  }

  #open(): OpenBatch {
    this.#timer = setTimeout(() => {
      if (this.#batch) this.#cut();
    }, this.#parts.config.batchWaitMs);
    return new OpenBatch(Date.now());
  }

  #cut(): void {
    const batch = this.#batch!;
    clearTimeout(this.#timer);
    this.#batch = undefined;
    if (batch.entries === 0) return;
    this.#isIdle = false;
    const packed = snappyCompress(batch.encode());
    batch.release();
    const body = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
    this.#parts.events.encoded(this.#host, body.length);
    const head = { cut: this.#parts.nextCut(), entries: batch.entries, bytes: batch.bytes, marks: batch.marks(this) };
    this.#pending.push(batch);
    this.#storing = this.#storing.then(async () => {
      await this.#store(encodeHead(head), body, head.entries, head.bytes);
      this.#settle(batch, head);
    });
  }

  /** The batch is durable: its origins may go on. */
  #settle(batch: OpenBatch, head: RecordHead): void {
    this.#opened?.kept.note(head);
    this.#pending.splice(this.#pending.indexOf(batch), 1);
    for (const origin of batch.origins.keys()) this.#keep(origin);
    if (this.#pending.length < maxPending) {
      this.#room?.resolve();
      this.#room = undefined;
    }
    this.#work.resolve();
  }

  /** Tells an origin from where on something of it is only in memory. */
  #keep(origin: Origin): void {
    const batches = this.#batch ? [...this.#pending, this.#batch] : this.#pending;
    const starts = batches.flatMap(({ origins }) => origins.get(origin) ?? []);
    origin.keep(this, starts.length > 0 ? Math.min(...starts) : undefined);
  }

  /** Into the buffer. Where the disk fails the batch goes to the server from memory, unless the disk takes it before. */
  async #store(head: Buffer, body: Buffer, entries: number, bytes: number): Promise<void> {
    const { id: agent, queue } = await this.opened();
    if (queue && (await this.#isAppended(queue, head, body))) return;
    const { signal } = this.#stop;
    const id = { agent: `${agent}-${startedMs}`, sequence: ++this.#unbufferedSequence };
    const { promise, resolve } = Promise.withResolvers<true>();
    const waiting = { delivery: { id, body, entries, bytes }, isOnItsWay: false, done: () => resolve(true) };
    this.#unbuffered.push(waiting);
    this.#work.resolve();
    while (!signal.aborted && !waiting.isOnItsWay) {
      if (await Promise.race([promise, sleep(retryDiskMs, false, { ref: false })])) return;
      if (queue === undefined || waiting.isOnItsWay) break;
      this.#unbuffered.splice(this.#unbuffered.indexOf(waiting), 1);
      if (await this.#isAppended(queue, head, body)) return;
      this.#unbuffered.push(waiting);
      this.#work.resolve();
    }
    await promise;
  }

  /** Whether the buffer has taken the batch. It is said once that the disk fails, and once that it does no more. */
  async #isAppended(queue: DiskQueue, head: Buffer, body: Buffer): Promise<boolean> {
    const { events, tenant } = this.#parts;
    try {
      await this.#append(queue, head, body);
    } catch (error) {
      this.#diskFailed(error);
      return false;
    }
    if (!this.#isDiskWell) events.log.info({ host: this.#host, tenant }, "the buffer can be written again");
    this.#isDiskWell = true;
    return true;
  }

  #diskFailed(error: unknown): void {
    this.#parts.events.bufferFailed(this.#host, this.#parts.tenant, this.#isDiskWell ? error : undefined);
    this.#isDiskWell = false;
  }

  /** Into the buffer, as soon as it has room. */
  async #append(queue: DiskQueue, head: Buffer, body: Buffer): Promise<void> {
    for (;;) {
      try {
        await this.#opened!.named();
        const sequence = await queue.append(head, body);
        if (!queue.holds(sequence)) letGo(body);
        return;
      } catch (error) {
        const isFull = error instanceof RatatoskError && error.code === "limit_exceeded";
        if (!isFull || this.#stop.signal.aborted) throw error;
        await sleep(retryDiskMs, undefined, { ref: false });
      }
    }
  }

  async #bring(): Promise<void> {
    const { courier, events } = this.#parts;
    const { id, queue } = await this.opened();
    const { signal } = this.#stop;
    let after = queue?.acknowledged ?? 0;
    while (!signal.aborted) {
      this.#work = Promise.withResolvers<void>();
      try {
        const upTo = (queue?.nextSequence ?? 1) - 1;
        const record = await queue?.read(after);
        const unbuffered = record ? undefined : this.#unbuffered[0];
        if (record) {
          await courier.deliver(deliveryOf(id, record), signal);
          after = record.sequence;
          queue!.acknowledge(after);
          letGo(record.body);
        } else if (unbuffered) {
          unbuffered.isOnItsWay = true;
          await courier.deliver(unbuffered.delivery, signal);
          this.#unbuffered.shift();
          unbuffered.done();
        } else {
          queue?.acknowledge(upTo);
          after = Math.max(after, upTo);
          this.#isIdle = this.#pending.length === 0;
          await this.#work.promise;
        }
      } catch (error) {
        if (signal.aborted) return;
        events.log.error({ err: error }, "cannot deliver from the buffer");
        await sleep(1000, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

function deliveryOf(agent: string, record: QueueRecord): Delivery {
  const head = decodeHead(record.head);
  return {
    id: { agent, sequence: record.sequence },
    body: Buffer.from(record.body.buffer, record.body.byteOffset, record.body.length),
    entries: head?.entries ?? 0,
    bytes: head?.bytes ?? 0,
  };
}
