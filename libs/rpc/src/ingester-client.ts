import type { Selection } from "@ratatosk/model";
import {
  contracts,
  type IngesterApi,
  type IngesterStatus,
  type PushAnswer,
  type PushAnswerMessage,
  type TailMessage,
} from "@ratatosk/proto";
import { fromServiceError } from "./errors.ts";
import { pushAnswerFromMessage, selectionToMessage } from "./messages.ts";
import { RemoteSource } from "./remote-source.ts";
import { Stub } from "./stub.ts";
import { type ClientChannel, insecureChannel } from "./tls.ts";

const pushDeadlineMs = 30_000;
const flushDeadlineMs = 10 * 60_000;
const statusDeadlineMs = 5000;

/** An ingester in another process. */
export class IngesterClient implements IngesterApi {
  readonly source: RemoteSource;
  readonly #stub: Stub;

  constructor(address: string, channel: ClientChannel = insecureChannel) {
    this.#stub = new Stub(address, contracts().ingester, channel);
    this.source = new RemoteSource(this.#stub);
  }

  async push(batch: Uint8Array): Promise<PushAnswer> {
    const answer = await this.#stub.unary<PushAnswerMessage>("Push", { batch }, undefined, pushDeadlineMs);
    return pushAnswerFromMessage(answer);
  }

  async tail(selection: Omit<Selection, "start" | "end">, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const batches = this.#tail(selection, signal);
    await batches.next(); // the empty batch that says that the tail has begun
    return batches;
  }

  async *#tail(selection: Omit<Selection, "start" | "end">, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const call = this.#stub.stream<TailMessage>("Tail", selectionToMessage({ ...selection, start: 0n, end: 0n }));
    const cancel = (): void => call.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      for await (const { batch } of call as AsyncIterable<TailMessage>) yield batch;
    } catch (error) {
      if (!signal.aborted) throw fromServiceError(error, this.#stub.address);
    } finally {
      signal.removeEventListener("abort", cancel);
      call.cancel();
    }
  }

  async flush(): Promise<void> {
    await this.#stub.unary("Flush", {}, undefined, flushDeadlineMs);
  }

  /** What it does. Throws when it does not answer. */
  async status(): Promise<IngesterStatus> {
    return this.#stub.unary<IngesterStatus>("Status", {}, undefined, statusDeadlineMs);
  }

  close(): void {
    this.#stub.close();
  }
}
