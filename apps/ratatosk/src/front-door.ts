import type { Access, ServerTls } from "@ratatosk/access";
import { Guard, HttpServer, type Route } from "@ratatosk/http";
import type { Logger, RequestMetrics } from "@ratatosk/observability";
import type { Config } from "./config.ts";

export interface FrontDoorModules {
  readonly config: Config;
  readonly access: Access;
  readonly tls: ServerTls | undefined;
  readonly log: Logger;
  readonly routes: readonly Route[];
  readonly metrics: RequestMetrics;
}

/** The HTTP listener of the process: open before anything else, so that `/ready` tells what is still starting. */
export interface FrontDoor {
  open(): Promise<void>;
  /** Where it listens, as a client of this machine reaches it. */
  url(): string;
  close(): Promise<void>;
}

export function frontDoor({ config, access, tls, log, routes, metrics }: FrontDoorModules): FrontDoor {
  const { server, querier, auth_enabled } = config;
  const prefix = server.http_path_prefix.replace(/\/$/, "");
  const http = new HttpServer({
    routes,
    tls,
    guard: new Guard(access, config.auth.open_paths, server.http_cors_origins),
    metrics,
    prefix,
    readTimeoutMs: server.http_server_read_timeout,
    writeTimeoutMs: server.http_server_write_timeout,
    idleTimeoutMs: server.http_server_idle_timeout,
    origins: server.http_cors_origins,
    authEnabled: auth_enabled,
    multiTenantQueries: querier.multi_tenant_queries_enabled,
    onError: (error) => {
      if (error.code === "internal") metrics.panicked();
      log.error({ err: error }, "request failed");
    },
  });
  let url = "";
  return {
    url: () => url,
    async open() {
      const { port } = await http.listen(server.http_listen_port, server.http_listen_address);
      url = `${tls ? "https" : "http"}://${reachable(server.http_listen_address)}:${port}${prefix}`;
      log.info({ url }, "HTTP server listening");
    },
    close: () => http.close(server.graceful_shutdown_timeout),
  };
}

function reachable(address: string): string {
  if (address === "" || address === "0.0.0.0" || address === "::") return "127.0.0.1";
  return address.includes(":") ? `[${address}]` : address;
}
