import { mkdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { DiskQueue, type QueueRecord } from "@ratatosk/disk-queue";
import { RatatoskError } from "@ratatosk/model";
import type { Logger } from "@ratatosk/observability";
import { QueueIdentity } from "../../push/queue-identity.ts";
import type { ExportRequest } from "./otlp-request.ts";

export interface ExportQueueParts {
  readonly directory: string;
  readonly log: Logger;
  /** Resolves once a request has arrived or is refused for good; rejects where the signal aborts. */
  readonly deliver: (request: ExportRequest, signal: AbortSignal) => Promise<void>;
}

const maxBytes = 1024 ** 3;
const retryMs = 500;
const persistMs = 1000;

/** The requests of an exporter, on disk from when they are taken until the server has them, in order. */
export class ExportQueue {
  readonly #parts: ExportQueueParts;
  readonly #queue: DiskQueue;
  readonly #identity: QueueIdentity;
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #sender: Promise<void>;
  #work = Promise.withResolvers<void>();

  private constructor(parts: ExportQueueParts, queue: DiskQueue, identity: QueueIdentity) {
    this.#parts = parts;
    this.#queue = queue;
    this.#identity = identity;
    this.#timer = setInterval(() => void this.#queue.persist().catch(() => undefined), persistMs);
    this.#sender = this.#bring();
  }

  /** Opens it, with what earlier runs have left, and begins to send. Throws where the directory cannot be used. */
  static async open(parts: ExportQueueParts): Promise<ExportQueue> {
    const { directory, log } = parts;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const onLost = (lost: object): void => log.error({ lost }, "requests of the buffer are lost");
    const queue = await DiskQueue.open({ directory, maxBytes, whenFull: "refuse_newest", onLost });
    return new ExportQueue(parts, queue, await QueueIdentity.in(directory));
  }

  get waiting(): { batches: number; bytes: number; oldestMs: number | undefined } {
    const { length, bytes, oldestMs } = this.#queue;
    return { batches: length, bytes, oldestMs };
  }

  /** Resolves once the request is fsynced, waiting for room where there is none. Throws the disk's error. */
  async append({ isJson, isPacked, records, body }: ExportRequest): Promise<void> {
    const head = Buffer.from(JSON.stringify({ isJson, isPacked, records }));
    for (;;) {
      try {
        await this.#identity.saved();
        await this.#queue.append(head, body);
        return this.#work.resolve();
      } catch (error) {
        const isFull = error instanceof RatatoskError && error.code === "limit_exceeded";
        if (!isFull || this.#stop.signal.aborted) throw error;
        await sleep(retryMs, undefined, { ref: false });
      }
    }
  }

  /** Waits a moment for what can still be sent; the rest stays on disk. */
  async stop(graceMs: number): Promise<void> {
    clearInterval(this.#timer);
    for (const end = Date.now() + graceMs; this.#queue.length > 0 && Date.now() < end;) await sleep(20);
    this.#stop.abort();
    this.#work.resolve();
    await this.#sender;
    await this.#queue.close();
  }

  async #bring(): Promise<void> {
    const { deliver, log } = this.#parts;
    const { signal } = this.#stop;
    let after = this.#queue.acknowledged;
    while (!signal.aborted) {
      this.#work = Promise.withResolvers<void>();
      try {
        const upTo = this.#queue.nextSequence - 1;
        const record = await this.#queue.read(after);
        if (record) await deliver(this.#requestOf(record), signal);
        after = record?.sequence ?? Math.max(after, upTo);
        this.#queue.acknowledge(after);
        if (!record) await this.#work.promise;
      } catch (error) {
        if (signal.aborted) return;
        log.error({ err: error }, "cannot deliver from the buffer");
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #requestOf({ sequence, head, body }: QueueRecord): ExportRequest {
    const { isJson, isPacked, records } = JSON.parse(Buffer.from(head).toString()) as ExportRequest;
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
    return { isJson, isPacked, records, body: bytes, id: `${this.#identity.id}/${sequence}` };
  }
}
