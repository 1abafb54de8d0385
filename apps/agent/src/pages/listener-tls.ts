import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { ServerTls } from "@ratatosk/access";
import { RatatoskError } from "@ratatosk/model";
import type { Logger } from "@ratatosk/observability";
import type { ClientAuth, TlsServerConfig } from "../config/agent-config.ts";
import { nodeHttps } from "../node-http.ts";

/**
 * The TLS of a listener, undefined where it has none; changed certificates are taken up. What it needs is loaded here, as it
 * costs memory. Throws bad_request for what cannot be used.
 */
export async function listenerTls(config: TlsServerConfig | undefined, log: Logger): Promise<ServerTls | undefined> {
  if (config === undefined) return undefined;
  const { serverTls } = await import("@ratatosk/access");
  const { certFile, keyFile, caFile = "", given = {} } = config;
  const clientAuth: ClientAuth | "" = config.clientAuth ?? "";
  const pem = Object.entries(given).map(([part, text]) => [part, Buffer.from(text)] as const);
  const files = { cert_file: certFile, key_file: keyFile, client_ca_file: caFile, client_auth_type: clientAuth };
  const told = (error: Error | undefined): void =>
    error === undefined
      ? log.info({ certFile }, "certificates read again")
      : log.error({ err: error, certFile }, "certificates cannot be used, the last good ones stay in force");
  try {
    return serverTls(files, told, Object.fromEntries(pem));
  } catch (cause) {
    throw new RatatoskError("bad_request", (cause as Error).message, { cause });
  }
}

type OnRequest = (incoming: IncomingMessage, outgoing: ServerResponse) => void;

/** Makes servers that speak TLS. */
export async function tlsServers(tls: ServerTls): Promise<(requestTimeout: number, onRequest: OnRequest) => Server> {
  const { tlsOptions, watchTls } = await import("@ratatosk/http");
  return (requestTimeout, onRequest) => {
    const server = nodeHttps().createServer({ ...tlsOptions(tls), requestTimeout }, onRequest);
    watchTls(server, tls);
    return server;
  };
}
