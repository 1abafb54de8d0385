import { createLogger, createRegistry, LogMetrics, RequestMetrics, type Logger } from "@ratatosk/observability";
import { type Service, Services } from "@ratatosk/service";
import { accessService } from "./access-service.ts";
import { buildInfo } from "./build-info.ts";
import { compose } from "./compose.ts";
import { Config } from "./config.ts";
import { type FrontDoor, frontDoor } from "./front-door.ts";
import { listenerTls } from "./listener-tls.ts";
import { limitsService } from "./limits-service.ts";
import type { Role } from "./roles.ts";
import { tracingService } from "./tracing-service.ts";
import { onceRunning } from "./once-running.ts";
import { askToStop } from "./until-signal.ts";
import { limitsRoutes } from "./routes/limits.ts";
import { operationsRoutes, spokenLokiVersion } from "./routes/operations.ts";

export interface Server {
  readonly log: Logger;
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts a server process. Resolves once every part is ready to serve. */
export async function startServer(role: Role, config: Config, defaults = Config.parse({})): Promise<Server> {
  const registry = createRegistry(buildInfo);
  const logMetrics = new LogMetrics(registry);
  const log = createLogger(config.server.log_level, (level) => logMetrics.count(level));
  const metrics = new RequestMetrics(registry);
  const limits = limitsService({ config, log, registry });
  const guard = accessService(config, log);
  const tls = listenerTls("server.http_tls_config", config.server.http_tls_config, log);
  const parts = compose(role, { config, tls, log, registry, limits: limits.overrides, metrics, terminate: askToStop });
  const services: Services = new Services(
    [tracingService(config.tracing, role, log), guard, limits, ...parts.services, lateDoor()],
    log,
  );
  const routes = [
    ...operationsRoutes({
      services: () => services,
      log,
      registry,
      build: buildInfo,
      schema: Config,
      config,
      defaults,
      profiling: config.server.profiling_enabled,
    }),
    ...limitsRoutes({ limits: limits.overrides, authEnabled: config.auth_enabled, version: spokenLokiVersion }),
    ...onceRunning(parts.routes, services),
  ];
  const door: FrontDoor = frontDoor({ config, access: guard.access, tls, log, routes, metrics });
  await door.open();
  await services.start();
  return { log, url: door.url(), stop: () => services.stop() };

  function lateDoor(): Service {
    return { name: "server", start: async () => {}, stop: () => door.close() };
  }
}
