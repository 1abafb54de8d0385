import { Membership, RingConfig } from "@ratatosk/ring";
import type { Host } from "./host.ts";
import type { IngesterNode } from "./ingester-node.ts";

/** All ingesters by their address. */
export type Ring = ReadonlyMap<string, IngesterNode>;

/** What a host knows of the ingesters: asked every second, kept as long as the host lives. */
export function ringOn(host: Host, ring: Ring): Membership {
  const membership = new Membership({
    config: RingConfig.parse({ members: [...ring.keys()], replication_factor: 3, health_period: "1s" }),
    connect: (address) => ring.get(address)!.connection(),
  });
  void host.run(() => membership.start());
  return membership;
}
