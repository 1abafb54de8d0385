import { createLogger, createRegistry, LogMetrics, type Registry, RequestMetrics } from "@ratatosk/observability";
import type { Route } from "@ratatosk/http";
import { WalEvents } from "@ratatosk/wal";
import { buildInfo } from "../build-info.ts";
import { compose } from "../compose.ts";
import { Config } from "../config.ts";
import { limitsService } from "../limits-service.ts";
import type { Role } from "../roles.ts";
import { limitsRoutes } from "../routes/limits.ts";
import { operationsRoutes } from "../routes/operations.ts";
import { Services } from "@ratatosk/service";

/** A process that is put together and never started: to see what it would serve. */
export interface Unstarted {
  readonly routes: readonly Route[];
  readonly registry: Registry;
}

const members = ["127.0.0.1:9095"];
const config = Config.parse({ ring: { members }, querier: { members }, compactor: { retention_enabled: true } });

/** What a process of a role serves, all that can be switched on included. */
export function unstarted(role: Role): Unstarted {
  const registry = createRegistry(buildInfo);
  const metrics = new RequestMetrics(registry);
  const logMetrics = new LogMetrics(registry);
  const log = createLogger("error", (level) => logMetrics.count(level));
  const limits = limitsService({ config, log, registry });
  const modules = {
    config,
    tls: undefined,
    log,
    registry,
    limits: limits.overrides,
    metrics,
    terminate: () => undefined,
  };
  const parts = compose(role, modules);
  // Counted from when the log is opened, which is when the process starts.
  if (role === "ingester") new WalEvents(log, registry, () => 0);
  const services = (): Services => new Services(parts.services, log);
  const own = operationsRoutes({
    services,
    log,
    registry,
    build: buildInfo,
    schema: Config,
    config,
    defaults: config,
    profiling: true,
  });
  const routes = [
    ...own,
    ...limitsRoutes({ limits: limits.overrides, authEnabled: false, version: "" }),
    ...parts.routes,
  ];
  return { routes, registry };
}
