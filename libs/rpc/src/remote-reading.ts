import type { ClientDuplexStream } from "@grpc/grpc-js";
import {
  type BlockRef,
  type Chunk,
  type Columns,
  formatLabels,
  RatatoskError,
  type Selection,
  type SourceResult,
  type StoredBlock,
} from "@ratatosk/model";
import type {
  BlockRefMessage,
  ChunkMessage,
  ChunksMessage,
  ReadAnswerMessage,
  ReadRequestMessage,
} from "@ratatosk/proto";
import { fromServiceError, readCode } from "./errors.ts";
import {
  blockFromMessage,
  columnsToMessage,
  extentFromMessage,
  labelsFromMessage,
  selectionToMessage,
} from "./messages.ts";

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: RatatoskError): void;
}

/** The client's side of a reading: one stream that carries a selection, its chunks, and blocks as they are wanted. */
export class Reading {
  readonly #call: ClientDuplexStream<ReadRequestMessage, ReadAnswerMessage>;
  readonly #chunks: ChunkMessage[] = [];
  readonly #blocks = new Map<number, Waiter<StoredBlock>>();
  readonly #selected = Promise.withResolvers<ChunksMessage>();
  #nextId = 1;
  #failed: RatatoskError | undefined;

  constructor(call: ClientDuplexStream<ReadRequestMessage, ReadAnswerMessage>, address: string, signal: AbortSignal) {
    this.#call = call;
    const cancel = (): void => call.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    call.on("data", (answer: ReadAnswerMessage) => this.#take(answer));
    call.on("error", (error) => this.#fail(fromServiceError(error, address)));
    call.on("end", () => this.#fail(new RatatoskError("unavailable", `${address}: ended the reading`)));
    call.on("status", () => signal.removeEventListener("abort", cancel));
    if (signal.aborted) call.cancel();
  }

  async select(selection: Selection): Promise<SourceResult> {
    this.#call.write({ select: selectionToMessage(selection) });
    const { warnings, shipped } = await this.#selected.promise;
    return { chunks: this.#chunks.map((chunk, i) => this.#chunk(chunk, i)), warnings, shipped };
  }

  #chunk({ labels: message, extent, knowsLevels, levels, blocks }: ChunkMessage, position: number): Chunk {
    const labels = labelsFromMessage(message);
    const refs = blocks.map((block, i) => this.#block(block, position, i));
    return {
      labels,
      stream: formatLabels(labels),
      ...extentFromMessage(extent),
      ...(knowsLevels && { levels: Object.fromEntries(levels.map(({ level, entries }) => [level, entries])) }),
      blocks: async () => refs,
    };
  }

  #block({ extent, storedBytes }: BlockRefMessage, chunk: number, block: number): BlockRef {
    return {
      ...extentFromMessage(extent),
      storedBytes: Number(storedBytes),
      mayContain: () => true,
      fetch: (want, signal) => this.#fetch(chunk, block, want, signal),
    };
  }

  async #fetch(chunk: number, block: number, want: Columns, signal: AbortSignal): Promise<StoredBlock> {
    signal.throwIfAborted();
    if (this.#failed) throw this.#failed;
    const id = this.#nextId++;
    const answer = new Promise<StoredBlock>((resolve, reject) => this.#blocks.set(id, { resolve, reject }));
    this.#call.write({ block: { id, chunk, block, columns: columnsToMessage(want) } });
    return answer;
  }

  #take({ chunks, block, failure }: ReadAnswerMessage): void {
    if (chunks) this.#takeChunks(chunks);
    else if (block) this.#settle(block.id, (waiter) => waiter.resolve(blockFromMessage(block)));
    else if (failure)
      this.#settle(failure.id, (waiter) => waiter.reject(new RatatoskError(readCode(failure.code), failure.message)));
  }

  #takeChunks(message: ChunksMessage): void {
    for (const chunk of message.chunks) this.#chunks.push(chunk);
    if (!message.last) return;
    this.#selected.resolve(message);
    if (this.#chunks.length === 0) this.#call.end();
  }

  #settle(id: number, how: (waiter: Waiter<StoredBlock>) => void): void {
    const waiter = this.#blocks.get(id);
    this.#blocks.delete(id);
    if (waiter) how(waiter);
  }

  #fail(error: RatatoskError): void {
    this.#failed ??= error;
    this.#selected.reject(error);
    for (const waiter of this.#blocks.values()) waiter.reject(error);
    this.#blocks.clear();
  }
}
