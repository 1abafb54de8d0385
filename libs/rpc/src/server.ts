import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { ServerTls } from "@ratatosk/access";
import type { RatatoskError } from "@ratatosk/model";
import { contracts, type IngesterApi, type IngesterStatus } from "@ratatosk/proto";
import type { RequestMetrics } from "@ratatosk/observability";
import type { Service } from "@ratatosk/service";
import { HandlerFactory } from "./handlers.ts";
import { ingesterHandlers } from "./ingester-handlers.ts";
import { reflectionHandlers } from "./reflection.ts";
import { serverCredentials } from "./tls.ts";

export interface GrpcServerOptions {
  readonly address: string;
  readonly port: number;
  readonly maxMessageBytes: number;
  /** Plain text without. */
  readonly tls?: ServerTls | undefined;
  readonly ingester: IngesterApi;
  readonly metrics?: RequestMetrics;
  /** Called with an error whose cause the client is not told. */
  readonly onError?: (error: RatatoskError) => void;
  /** What the ingester does; the health service says SERVING where it is ACTIVE. */
  readonly status: () => IngesterStatus;
  /** How long calls under way may take when the server stops. */
  readonly graceMs: number;
}

/** The gRPC listener of an ingester: its contract and the health service. */
export class GrpcServer implements Service {
  readonly name = "grpc";
  readonly #options: GrpcServerOptions;
  readonly #server: Server;
  #stopping = false;
  #port = 0;

  constructor(options: GrpcServerOptions) {
    this.#options = options;
    this.#server = new Server({
      "grpc.max_receive_message_length": options.maxMessageBytes,
      "grpc.max_send_message_length": -1,
      "grpc.max_concurrent_streams": 1000,
    });
    const handlers = new HandlerFactory(options.metrics, options.onError);
    this.#server.addService(contracts().ingester, ingesterHandlers(options, handlers));
    this.#server.addService(contracts().reflection, reflectionHandlers(handlers));
    this.#server.addService(contracts().health, this.#healthHandlers(handlers));
  }

  /** The port on which it listens. */
  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    const { address, port, tls } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#server.bindAsync(`${address}:${port}`, serverCredentials(tls), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
    this.#port = await promise;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const timer = setTimeout(() => this.#server.forceShutdown(), this.#options.graceMs);
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    clearTimeout(timer);
  }

  #healthHandlers(handlers: HandlerFactory): UntypedServiceImplementation {
    const status = (): { status: string } => ({
      status: !this.#stopping && this.#options.status().state === "ACTIVE" ? "SERVING" : "NOT_SERVING",
    });
    return {
      Check: handlers.unary(async () => status()),
    };
  }
}
