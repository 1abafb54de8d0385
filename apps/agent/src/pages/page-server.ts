import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServerTls } from "@ratatosk/access";
import type { HttpResponse, Route } from "@ratatosk/http";
import { createServer } from "../node-http.ts";
import { tlsServers } from "./listener-tls.ts";

const notFound: HttpResponse = { status: 404, body: "404 page not found\n" };
const unauthorized: HttpResponse = {
  status: 401,
  headers: { "WWW-Authenticate": 'Basic realm="Restricted"' },
  body: "Unauthorized\n",
};
const requestTimeoutMs = 30_000;

export interface PageServerOptions {
  readonly tls?: ServerTls | undefined;
  /** Whether a request may be answered; others are asked for a password. */
  readonly mayAsk?: (path: string, authorization: string | undefined) => boolean;
}

/** Serves the agent's pages with nothing but node:http: an agent stays small. For small answers and few requests. */
export class PageServer {
  readonly #routes: readonly Route[];
  readonly #options: PageServerOptions;
  #server: Server | undefined;

  constructor(routes: readonly Route[], options: PageServerOptions = {}) {
    this.#routes = routes;
    this.#options = options;
  }

  async listen(port: number, host: string): Promise<AddressInfo> {
    const { tls } = this.#options;
    const create = tls ? await tlsServers(tls) : plainServer;
    const server = create(requestTimeoutMs, (incoming, outgoing) => void this.#serve(incoming, outgoing));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, host, resolve);
    });
    return server.address() as AddressInfo;
  }

  /** Takes no new connections, waits `graceMs` for requests under way, then cuts them. */
  async close(graceMs: number): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const aborter = new AbortController();
    outgoing.once("close", () => aborter.abort());
    const answer = await this.#answer(incoming, aborter.signal).catch((error: unknown): HttpResponse => ({
      status: 500,
      body: `${(error as Error).message}\n`,
    }));
    const body = Buffer.from((answer.body as string | Uint8Array | undefined) ?? "");
    const about = { "Content-Type": "text/plain; charset=utf-8", "Content-Length": String(body.length) };
    outgoing.writeHead(answer.status, { ...(answer.status !== 204 && about), ...answer.headers });
    outgoing.end(body);
  }

  async #answer(incoming: IncomingMessage, signal: AbortSignal): Promise<HttpResponse> {
    const { pathname: path, searchParams: query } = new URL(incoming.url ?? "/", "http://agent");
    const method = incoming.method === "HEAD" ? "GET" : (incoming.method ?? "GET");
    if (this.#options.mayAsk?.(path, incoming.headers.authorization) === false) return unauthorized;
    let isKnown = false;
    for (const route of this.#routes) {
      const variables = variablesOf(route.path, path);
      if (variables === undefined) continue;
      isKnown = true;
      if (!(route.methods as readonly string[]).includes(method)) continue;
      const { headers } = incoming;
      return route.handle({ method, path, variables, query, headers, signal, tenants: [], body: incoming });
    }
    return isKnown ? { status: 405 } : notFound;
  }
}

const plainServer: Awaited<ReturnType<typeof tlsServers>> = (requestTimeout, onRequest) =>
  createServer({ requestTimeout }, onRequest);

/** The variables of a path that follows the pattern; undefined where it does not. */
function variablesOf(pattern: string, path: string): Record<string, string> | undefined {
  const [expected, found] = [pattern.split("/"), path.split("/")];
  if (expected.length !== found.length) return undefined;
  const variables: Record<string, string> = {};
  for (const [i, part] of expected.entries()) {
    if (part.startsWith(":")) variables[part.slice(1)] = decodeURIComponent(found[i]!);
    else if (part !== found[i]) return undefined;
  }
  return variables;
}
