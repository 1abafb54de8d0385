import { Client, type ClientDuplexStream, type ClientReadableStream, Metadata } from "@grpc/grpc-js";
import { currentTrace } from "@ratatosk/observability";
import { contracts } from "@ratatosk/proto";
import { fromServiceError } from "./errors.ts";
import { tenantsKey } from "./handlers.ts";
import { type ClientChannel, insecureChannel } from "./tls.ts";

const MiB = 1024 * 1024;
const windowBytes = 16 * MiB;
const channelOptions = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
  "grpc-node.flow_control_window": windowBytes,
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 5000,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1000,
};

type Definition = ReturnType<typeof contracts>["ingester"];

export interface StreamOptions {
  /** For whom the call is. */
  readonly tenants?: readonly string[];
  /** When the server may give up; never without. */
  readonly deadlineMs?: number;
}

/** What a call carries besides its message: whom it is for, and the trace that it belongs to. */
function metadata(tenants: readonly string[] = []): Metadata {
  const carried = new Metadata();
  if (tenants.length > 0) carried.set(tenantsKey, tenants.join("|"));
  const trace = currentTrace();
  if (trace !== undefined) carried.set("traceparent", trace.traceparent);
  return carried;
}

/** Calls of one server, by the names of its contract. Errors are RatatoskErrors. */
export class Stub {
  readonly address: string;
  readonly #client: Client;
  readonly #definition: Definition;

  constructor(
    address: string,
    definition: Definition = contracts().ingester,
    channel: ClientChannel = insecureChannel,
  ) {
    this.address = address;
    this.#definition = definition;
    this.#client = new Client(address, channel.credentials, { ...channelOptions, ...channel.options });
  }

  async unary<Answer>(name: string, request: unknown, signal?: AbortSignal, deadlineMs = 60_000): Promise<Answer> {
    signal?.throwIfAborted();
    const { path, requestSerialize, responseDeserialize } = this.#definition[name]!;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const call = this.#client.makeUnaryRequest<unknown, Answer>(
      path,
      requestSerialize,
      responseDeserialize as (bytes: Buffer) => Answer,
      request,
      metadata(),
      { deadline: Date.now() + deadlineMs },
      (error, answer) => (error ? reject(fromServiceError(error, this.address)) : resolve(answer!)),
    );
    const cancel = (): void => call.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  duplex<Request, Answer>(name: string): ClientDuplexStream<Request, Answer> {
    const { path, requestSerialize, responseDeserialize } = this.#definition[name]!;
    return this.#client.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize as (bytes: Buffer) => Answer,
      metadata(),
      {},
    );
  }

  stream<Answer>(
    name: string,
    request: unknown,
    { tenants, deadlineMs }: StreamOptions = {},
  ): ClientReadableStream<Answer> {
    const { path, requestSerialize, responseDeserialize } = this.#definition[name]!;
    return this.#client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize as (bytes: Buffer) => Answer,
      request,
      metadata(tenants),
      deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs },
    );
  }

  close(): void {
    this.#client.close();
  }
}
