import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import {
  contracts,
  type IngesterApi,
  type IngesterStatus,
  type LabelValuesMessage,
  type NamesMessage,
  type PushMessage,
  type ReadAnswerMessage,
  type ReadRequestMessage,
  type SelectionMessage,
  type SeriesMessage,
  type TailMessage,
} from "@ratatosk/proto";
import type { CallContext, HandlerFactory } from "./handlers.ts";
import { labelsToMessage, pushAnswerToMessage, selectionFromMessage } from "./messages.ts";
import { serveReading } from "./reading.ts";
import type { RpcService } from "./server.ts";

/** The service `ratatosk.v1.Ingester` over an ingester of this process. */
export const ingesterService =
  (api: IngesterApi, status: () => IngesterStatus): RpcService =>
  (handlers) => ({ definition: contracts().ingester, handlers: ingesterHandlers(api, status, handlers) });

function ingesterHandlers(
  api: IngesterApi,
  status: () => IngesterStatus,
  handlers: HandlerFactory,
): UntypedServiceImplementation {
  const { source } = api;
  return {
    Push: handlers.unary(async ({ batch }: PushMessage) => pushAnswerToMessage(await api.push(batch))),
    Read: handlers.duplex((requests: AsyncIterable<ReadRequestMessage>, context): AsyncIterable<ReadAnswerMessage> =>
      serveReading(source, requests, context),
    ),
    LabelNames: handlers.unary(async (selection: SelectionMessage, { signal }): Promise<NamesMessage> => ({
      names: await source.labelNames(selectionFromMessage(selection), signal),
    })),
    LabelValues: handlers.unary(async ({ name, selection }: LabelValuesMessage, { signal }): Promise<NamesMessage> => ({
      names: await source.labelValues(name, selectionFromMessage(selection), signal),
    })),
    Series: handlers.unary(async (selection: SelectionMessage, { signal }): Promise<SeriesMessage> => ({
      series: (await source.series(selectionFromMessage(selection), signal)).map(labelsToMessage),
    })),
    Tail: handlers.stream((selection: SelectionMessage, context) => tail(api, selection, context)),
    Flush: handlers.unary(async () => {
      await api.flush();
      return {};
    }),
    Status: handlers.unary(async () => status()),
  };
}

/** The first message is empty: it tells that the tail has begun. */
async function* tail(api: IngesterApi, message: SelectionMessage, { signal }: CallContext): AsyncIterable<TailMessage> {
  const { tenant, matchers } = selectionFromMessage(message);
  const batches = await api.tail({ tenant, matchers }, signal);
  yield { batch: new Uint8Array(0) };
  for await (const batch of batches) yield { batch };
}
