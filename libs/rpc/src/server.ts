import { Server, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import type { ServerTls } from "@ratatosk/access";
import type { RatatoskError } from "@ratatosk/model";
import { contracts } from "@ratatosk/proto";
import type { RequestMetrics } from "@ratatosk/observability";
import type { Service } from "@ratatosk/service";
import { HandlerFactory } from "./handlers.ts";
import { healthHandlers } from "./health.ts";
import { reflectionHandlers } from "./reflection.ts";
import { serverCredentials } from "./tls.ts";

/** A contract, and who fulfils it. */
export type RpcService = (handlers: HandlerFactory) => {
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
};

export interface GrpcServerOptions {
  readonly address: string;
  readonly port: number;
  readonly maxMessageBytes: number;
  /** Plain text without. */
  readonly tls?: ServerTls | undefined;
  readonly services: readonly RpcService[];
  readonly metrics?: RequestMetrics;
  /** Called with an error whose cause the client is not told. */
  readonly onError?: (error: RatatoskError) => void;
  /** Whether the health service says SERVING. */
  readonly isServing: () => boolean;
  /** How long calls under way may take when the server stops. */
  readonly graceMs: number;
}

/** The gRPC listener of a process: its services, health and reflection. */
export class GrpcServer implements Service {
  readonly name = "grpc";
  readonly #options: GrpcServerOptions;
  readonly #server: Server;
  readonly #stopping = new AbortController();
  #port = 0;

  constructor(options: GrpcServerOptions) {
    this.#options = options;
    this.#server = new Server({
      "grpc.max_receive_message_length": options.maxMessageBytes,
      "grpc.max_send_message_length": -1,
      "grpc.max_concurrent_streams": 1000,
    });
    const handlers = new HandlerFactory(options.metrics, options.onError);
    const own = options.services.map((service) => service(handlers));
    for (const service of own) this.#server.addService(service.definition, service.handlers);
    const { health, reflection } = contracts();
    const names = [...own.map(({ definition }) => definition), health, reflection].map(nameOf);
    const healthOptions = { services: names, isServing: options.isServing, stopping: this.#stopping.signal };
    this.#server.addService(health, healthHandlers(healthOptions, handlers));
    this.#server.addService(reflection, reflectionHandlers(names, handlers));
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
    this.#stopping.abort();
    const timer = setTimeout(() => this.#server.forceShutdown(), this.#options.graceMs);
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    clearTimeout(timer);
  }
}

const nameOf = (definition: ServiceDefinition): string => Object.values(definition)[0]!.path.split("/")[1]!;
