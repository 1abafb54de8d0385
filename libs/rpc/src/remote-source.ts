import type { ClientDuplexStream } from "@grpc/grpc-js";
import type { ChunkSource, Labels, Selection, SourceResult } from "@ratatosk/model";
import type { ReadAnswerMessage, ReadRequestMessage } from "@ratatosk/proto";
import type { Stub } from "./stub.ts";
import { labelsFromMessage, selectionToMessage } from "./messages.ts";
import { Reading } from "./remote-reading.ts";

/** The memory of an ingester in another process. A selection's snapshot there is let go when its signal aborts. */
export class RemoteSource implements ChunkSource {
  readonly #stub: Stub;

  constructor(stub: Stub) {
    this.#stub = stub;
  }

  async select(selection: Selection, signal: AbortSignal): Promise<SourceResult> {
    const call: ClientDuplexStream<ReadRequestMessage, ReadAnswerMessage> = this.#stub.duplex("Read");
    const reading = new Reading(call, this.#stub.address, signal);
    return reading.select(selection);
  }

  async labelNames(selection: Selection, signal: AbortSignal): Promise<string[]> {
    const { names } = await this.#stub.unary<{ names: string[] }>("LabelNames", selectionToMessage(selection), signal);
    return names;
  }

  async labelValues(name: string, selection: Selection, signal: AbortSignal): Promise<string[]> {
    const request = { name, selection: selectionToMessage(selection) };
    const { names } = await this.#stub.unary<{ names: string[] }>("LabelValues", request, signal);
    return names;
  }

  async series(selection: Selection, signal: AbortSignal): Promise<Labels[]> {
    type Answer = { series: Parameters<typeof labelsFromMessage>[0][] };
    const { series } = await this.#stub.unary<Answer>("Series", selectionToMessage(selection), signal);
    return series.map(labelsFromMessage);
  }
}
