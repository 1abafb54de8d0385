import type { ServerTls } from "@ratatosk/access";
import { Gauge } from "@ratatosk/observability";
import { Peers } from "@ratatosk/ring";
import type { MembershipOptions } from "./membership.ts";
import { readyOverTls } from "./peer-ready.ts";

interface PeersModules extends MembershipOptions {
  /** The TLS with which they all listen. */
  readonly tls: ServerTls | undefined;
}

/** The rulers of other processes, with whom this one shares the groups of rules. */
export function rulerPeers({ config, tls, log, registry }: PeersModules): Peers {
  const { members, health_period: healthPeriodMs } = config.ruler;
  const peers = new Peers({
    members,
    healthPeriodMs,
    port: config.server.http_listen_port,
    ...(tls && { isReady: readyOverTls(tls) }),
  });
  peers.onChange(() => log.info({ rulers: peers.members(), missing: peers.missing() }, "rulers share the groups anew"));
  new Gauge({
    name: "loki_ruler_members",
    help: "Rulers that share the groups, by state.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      this.set({ state: "ACTIVE" }, members.length === 0 ? 1 : peers.members().length);
      this.set({ state: "UNHEALTHY" }, peers.missing().length);
    },
  });
  return peers;
}
