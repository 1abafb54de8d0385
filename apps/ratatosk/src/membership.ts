import { Gauge, type Logger, type Registry } from "@ratatosk/observability";
import { Membership } from "@ratatosk/ring";
import { IngesterClient } from "@ratatosk/rpc";
import type { Config } from "./config.ts";

export interface MembershipOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly registry: Registry;
}

/** The ingesters of other processes, watched in log and metrics. */
export function membership({ config, log, registry }: MembershipOptions): Membership {
  const ring = new Membership({
    config: config.ring,
    connect: (address) => new IngesterClient(address),
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
