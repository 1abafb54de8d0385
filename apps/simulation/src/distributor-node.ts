import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { createDistributor, DistributorConfig } from "@ratatosk/distributor";
import type { HttpRequest, Route } from "@ratatosk/http";
import { createLogger, Registry } from "@ratatosk/observability";
import { Host } from "./host.ts";
import { limits } from "./ingester-node.ts";
import type { Network } from "./network.ts";
import { type Ring, ringOn } from "./ring.ts";

const { signal } = new AbortController();

/** A distributor: takes pushes over HTTP, as far as a handler sees of it. */
export class DistributorNode {
  readonly name: string;
  readonly #network: Network;
  readonly #ring: Ring;
  #host: Host | undefined;
  #push: Route | undefined;

  constructor(name: string, network: Network, ring: Ring) {
    this.name = name;
    this.#network = network;
    this.#ring = ring;
  }

  start(): void {
    if (this.#host !== undefined) return;
    const host = new Host(this.name);
    this.#host = host;
    const membership = ringOn(host, this.#ring);
    const { routes } = host.run(() =>
      createDistributor({
        config: DistributorConfig.parse({ push_timeout: "5s" }),
        log: createLogger("silent"),
        registry: new Registry(),
        limits,
        ingesters: membership,
      }),
    );
    this.#push = routes.find(({ path }) => path === "/loki/api/v1/push");
  }

  crash(): void {
    this.#host?.end();
    this.#host = undefined;
  }

  /** Sends a push. Rejects with what the client is told. */
  push(body: string, batch: string): Promise<unknown> {
    return this.#network.call(
      this.name,
      () => this.#host,
      async () => this.#push!.handle(requestOf(body, batch)),
    );
  }
}

const socket = { remoteAddress: "127.0.0.1" };

function requestOf(body: string, batch: string): HttpRequest {
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "x-ratatosk-batch": batch,
  };
  return {
    method: "POST",
    path: "/loki/api/v1/push",
    variables: {},
    query: new URLSearchParams(),
    headers,
    tenants: ["fake"],
    signal,
    body: Object.assign(Readable.from([Buffer.from(body)]), { headers, socket }) as unknown as IncomingMessage,
  };
}
