import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall, status } from "@grpc/grpc-js";
import { RatatoskError } from "@ratatosk/model";

const asItIs = (bytes: Buffer): Buffer => bytes;

const exportLogs = {
  path: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  requestStream: false,
  responseStream: false,
  requestSerialize: asItIs,
  requestDeserialize: asItIs,
  responseSerialize: asItIs,
  responseDeserialize: asItIs,
} as const;

/** A gRPC server for OTLP's logs: what it takes is acknowledged once `take` resolves. */
export class OtlpGrpc {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Rejects where the address cannot be had. */
  static async listen(endpoint: string, maxBytes: number, take: (bytes: Buffer) => Promise<void>): Promise<OtlpGrpc> {
    const server = new Server({ "grpc.max_receive_message_length": maxBytes });
    const handle = async (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): Promise<void> => {
      try {
        await take(call.request);
      } catch (error) {
        return done({ code: codeOf(error), details: (error as Error).message });
      }
      done(null, Buffer.alloc(0));
    };
    server.addService(
      { export: exportLogs },
      { export: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => void handle(call, done) },
    );
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(endpoint.replace(/^:/, "0.0.0.0:"), ServerCredentials.createInsecure(), (error) =>
        error ? reject(error) : resolve(),
      );
    });
    return new OtlpGrpc(server);
  }

  /** Lets calls that run end, for a moment. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#server.forceShutdown(), 500);
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    clearTimeout(timer);
  }
}

/** What is malformed is not sent again by those who know OTLP; all else is. */
const codeOf = (error: unknown): status =>
  error instanceof RatatoskError && error.code === "bad_request" ? status.INVALID_ARGUMENT : status.UNAVAILABLE;
