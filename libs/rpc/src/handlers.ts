import type {
  Metadata,
  handleServerStreamingCall,
  handleUnaryCall,
  sendUnaryData,
  ServerDuplexStream,
  ServerUnaryCall,
  ServerWritableStream,
} from "@grpc/grpc-js";
import { parseTenants, RatatoskError } from "@ratatosk/model";
import { inSpan, type RequestMetrics, withTrace } from "@ratatosk/observability";
import { toServiceError } from "./errors.ts";

/** What a handler learns of the call that it answers. */
export interface CallContext {
  /** Aborted when the client cancels, goes away or its deadline passes. */
  readonly signal: AbortSignal;
  /** For whom it is, where the caller says so. Throws what `parseTenants` throws. */
  readonly tenants: () => readonly string[];
}

/** Metadata that names the tenants, as the HTTP header does. */
export const tenantsKey = "x-scope-orgid";

interface AnyCall {
  readonly cancelled: boolean;
  getPath(): string;
  readonly metadata: Metadata;
  on(event: "cancelled", listener: () => void): unknown;
}

/** Wraps plain functions as gRPC handlers: errors keep their code, calls are timed, cancelling reaches the function. */
export class HandlerFactory {
  readonly #metrics: RequestMetrics | undefined;
  readonly #onError: (error: RatatoskError) => void;

  /** `onError` is told of errors whose cause the client is not told. */
  constructor(metrics?: RequestMetrics, onError: (error: RatatoskError) => void = () => undefined) {
    this.#metrics = metrics;
    this.#onError = onError;
  }

  unary<Request, Answer>(
    answer: (request: Request, context: CallContext) => Promise<Answer>,
  ): handleUnaryCall<Request, Answer> {
    return (call, callback) => void this.#answer(call, answer, callback);
  }

  stream<Request, Answer>(
    answers: (request: Request, context: CallContext) => AsyncIterable<Answer>,
  ): handleServerStreamingCall<Request, Answer> {
    return (call) => void this.#send(call, (context) => answers(call.request, context));
  }

  duplex<Request, Answer>(answers: (requests: AsyncIterable<Request>, context: CallContext) => AsyncIterable<Answer>) {
    return (call: ServerDuplexStream<Request, Answer>): void => {
      // Without that whoever waits for the next request waits for ever.
      call.on("cancelled", () => call.destroy(new RatatoskError("cancelled", "the call was cancelled by the client")));
      void this.#send(call, (context) => answers(call as AsyncIterable<Request>, context));
    };
  }

  async #answer<Request, Answer>(
    call: ServerUnaryCall<Request, Answer>,
    answer: (request: Request, context: CallContext) => Promise<Answer>,
    callback: sendUnaryData<Answer>,
  ): Promise<void> {
    try {
      callback(null, await this.#timed(call, (context) => answer(call.request, context)));
    } catch (error) {
      callback(toServiceError(error));
    }
  }

  /** Sends what a generator yields, at the pace of the client. */
  async #send<Request, Answer>(
    call: ServerWritableStream<Request, Answer> | ServerDuplexStream<Request, Answer>,
    answers: (context: CallContext) => AsyncIterable<Answer>,
  ): Promise<void> {
    try {
      await this.#timed(call, async (context) => {
        for await (const answer of answers(context)) {
          if (context.signal.aborted) return;
          if (!call.write(answer)) await drained(call, context.signal);
        }
      });
      call.end();
    } catch (error) {
      if (!call.cancelled) call.emit("error", toServiceError(error));
    }
  }

  async #timed<T>(call: AnyCall, run: (context: CallContext) => Promise<T>): Promise<T> {
    const began = performance.now();
    const aborter = new AbortController();
    call.on("cancelled", () => aborter.abort());
    const path = call.getPath();
    this.#metrics?.began("gRPC", path);
    let status = "success";
    try {
      const traceparent = call.metadata.get("traceparent")[0];
      const tenants = (): string[] => parseTenants(call.metadata.get(tenantsKey)[0]?.toString() ?? "");
      return await withTrace(traceparent?.toString(), () =>
        inSpan({ name: path, kind: "server", attributes: { "rpc.system": "grpc" } }, () =>
          run({ signal: aborter.signal, tenants }),
        ),
      );
    } catch (error) {
      const known = RatatoskError.from(error);
      if (known.code === "internal") this.#onError(known);
      status = known.code === "cancelled" ? "cancel" : "error";
      throw error;
    } finally {
      if (call.cancelled) status = "cancel";
      this.#metrics?.done({ method: "gRPC", path, status, seconds: (performance.now() - began) / 1000 });
    }
  }
}

/** Resolves once more may be written, or nothing more needs to be. */
async function drained(
  call: { once(event: string, listener: () => void): unknown; off(event: string, listener: () => void): unknown },
  signal: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      call.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    call.once("drain", done);
    signal.addEventListener("abort", done);
  });
}
