import { Gauge, type Logger, type Registry } from "@ratatosk/observability";
import { Membership } from "@ratatosk/ring";
import { clientChannel, IngesterClient } from "@ratatosk/rpc";
import type { Config } from "./config.ts";
import { certificateEvents } from "./listener-tls.ts";

export interface MembershipOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly registry: Registry;
}

/** The ingesters of other processes, watched in log and metrics. */
export function membership({ config, log, registry }: MembershipOptions): Membership {
  const { grpc_client_config: client } = config.ingester_client;
  const channel = clientChannel(client, certificateEvents("ingester_client.grpc_client_config", log));
  const ring = new Membership({
    config: config.ring,
    connect: (address) => new IngesterClient(address, channel),
    onChange: (event) =>
      event.serving ? log.info(event, "ingester serves") : log.warn(event, "ingester does not serve"),
  });
  new Gauge({
    name: "loki_ring_members",
    help: "Members of the ring by state.",
    labelNames: ["name", "state"],
    registers: [registry],
    collect() {
      this.set({ name: "ingester", state: "ACTIVE" }, ring.members().length);
      this.set({ name: "ingester", state: "UNHEALTHY" }, ring.missing().length);
    },
  });
  return ring;
}
