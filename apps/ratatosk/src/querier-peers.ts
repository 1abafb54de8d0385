import { Gauge } from "@ratatosk/observability";
import { Peers } from "@ratatosk/ring";
import { type ClientChannel, clientChannel, QuerierClient } from "@ratatosk/rpc";
import type { Service } from "@ratatosk/service";
import { certificateEvents } from "./listener-tls.ts";
import type { MembershipOptions } from "./membership.ts";

/** The queriers of other processes, with whom this one shares large queries. */
export class QuerierPeers implements Service {
  readonly name = "querier-peers";
  readonly #peers: Peers;
  readonly #channel: ClientChannel;
  readonly #clients = new Map<string, QuerierClient>();

  constructor({ config, log, registry }: MembershipOptions) {
    const { members, health_period: healthPeriodMs } = config.querier;
    const { grpc_client_config: client } = config.ingester_client;
    this.#channel = clientChannel(client, certificateEvents("ingester_client.grpc_client_config", log));
    const peers = new Peers({
      members,
      healthPeriodMs,
      port: config.server.grpc_listen_port,
      isReady: (address) => this.#client(address).isServing(),
    });
    peers.onChange(() => this.#closeGone());
    this.#peers = peers;
    new Gauge({
      name: "ratatosk_querier_members",
      help: "Other queriers with which queries are shared, by state.",
      labelNames: ["state"],
      registers: [registry],
      collect() {
        this.set({ state: "ACTIVE" }, peers.others().length);
        this.set({ state: "UNHEALTHY" }, peers.missing().length);
      },
    });
  }

  /** Those that take work. */
  others(): readonly QuerierClient[] {
    return this.#peers.others().map((address) => this.#client(address));
  }

  start(): Promise<void> {
    return this.#peers.start();
  }

  async stop(): Promise<void> {
    await this.#peers.stop();
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  #client(address: string): QuerierClient {
    const known = this.#clients.get(address) ?? new QuerierClient(address, this.#channel);
    this.#clients.set(address, known);
    return known;
  }

  /** Connections to addresses at which no querier is any more. */
  #closeGone(): void {
    const present = new Set([...this.#peers.members(), ...this.#peers.missing()]);
    for (const [address, client] of this.#clients) {
      if (present.has(address)) continue;
      client.close();
      this.#clients.delete(address);
    }
  }
}
