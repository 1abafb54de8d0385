import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { ServerTls } from "@ratatosk/access";
import { RatatoskError } from "@ratatosk/model";
import { inSpan, inTrace, type RequestMetrics, withTrace, type Work } from "@ratatosk/observability";
import { allowOrigin } from "./cross-origin.ts";
import { mergeForm } from "./form.ts";
import { framingOf } from "./framing.ts";
import type { Guard } from "./guard.ts";
import { nameTenant } from "./named-tenant.ts";
import { readPath } from "./path.ts";
import { refusal, refuseUpgrade } from "./refusal.ts";
import type { HttpRequest, HttpResponse, Route } from "./route.ts";
import { createRouter, type Serve } from "./router.ts";
import { type TenantRules, tenantsOf } from "./tenants.ts";
import { tlsOptions, watchTls } from "./tls.ts";
import { writeBody, type WriteLimits } from "./write-body.ts";

export interface HttpServerOptions extends TenantRules {
  readonly routes: readonly Route[];
  /** Stands before every path: `/loki`. */
  readonly prefix?: string;
  /** Origins whose pages may read answers in a browser; `*` for all. */
  readonly origins?: readonly string[];
  /** How long a client may take to send its request, headers and body. */
  readonly readTimeoutMs?: number;
  /** How long a client may read nothing of an answer. */
  readonly writeTimeoutMs?: number;
  /** How long an idle connection is kept. */
  readonly idleTimeoutMs?: number;
  /** Plain text without. */
  readonly tls?: ServerTls | undefined;
  /** Without one everybody is let in. */
  readonly guard?: Guard;
  readonly metrics?: RequestMetrics;
  /** Called with an error whose cause the client is not told. */
  readonly onError?: (error: RatatoskError) => void;
}

const maxHeaderBytes = 1024 * 1024;
const notFound: HttpResponse = {
  status: 404,
  headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
  body: "404 page not found\n",
};

/**
 * The HTTP server of a process: finds the route and the tenant, and turns errors into Loki's answers. Routes marked
 * `bulk` are served by node:http at once; express finds the others.
 */
export class HttpServer {
  readonly server: Server | TlsServer;
  readonly #options: HttpServerOptions;
  readonly #writing: WriteLimits;
  readonly #bulk: ReadonlyMap<string, readonly Route[]>;
  readonly #router: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  readonly #connections = new Set<AbortController>();
  readonly #upgraded = new Set<Duplex>();
  #isClosing = false;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#writing = { unreadMs: options.writeTimeoutMs ?? 120_000 };
    const byPath = Map.groupBy(options.routes, ({ path }) => `${options.prefix ?? ""}${path}`);
    this.#bulk = new Map([...byPath].filter(([, routes]) => routes.some(({ bulk }) => bulk === true)));
    const serve: Serve = (routes, variables, incoming, outgoing) =>
      void this.#serve(routes, variables, incoming, outgoing);
    this.#router = createRouter(byPath, serve);
    this.server = listener(options, (incoming, outgoing) => traced(incoming, () => this.#dispatch(incoming, outgoing)));
    this.server.on("upgrade", (incoming, socket, head) =>
      traced(incoming, () => void this.#upgrade(byPath, incoming, socket, head)),
    );
  }

  async listen(port: number, host: string): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject).listen(port, host, resolve);
    });
    return this.server.address() as AddressInfo;
  }

  /**
   * Takes no new connections, waits `graceMs` for requests under way, then cuts them. Websockets are cut at once, without
   * a closing frame: that makes their clients connect again.
   */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    for (const socket of this.#upgraded) socket.destroy();
    const timer = setTimeout(() => {
      for (const connection of this.#connections) connection.abort();
      this.server.closeAllConnections();
    }, graceMs);
    await closed;
    clearTimeout(timer);
  }

  #dispatch(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const framing = framingOf(incoming);
    if (framing !== "sound") outgoing.setHeader("Connection", "close");
    if (framing === "broken") return void outgoing.writeHead(400, { "Content-Length": 0 }).end();
    if (allowOrigin(incoming, outgoing, this.#options.origins ?? [])) return;
    const target = incoming.url ?? "/";
    const bulk = this.#bulk.get(target.split("?", 1)[0]!);
    if (bulk !== undefined) return void this.#serve(bulk, {}, incoming, outgoing);
    const { path, redirect } = readPath(target);
    if (redirect !== undefined) return void outgoing.writeHead(301, { Location: redirect, "Content-Length": 0 }).end();
    incoming.url = path + target.slice(target.split("?", 1)[0]!.length);
    this.#router(incoming, outgoing);
  }

  /** Answers with the route, of those of one path, that takes the method. What touches nobody's data begins no trace. */
  async #serve(
    routes: readonly Route[],
    variables: Readonly<Record<string, string>>,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const method = incoming.method ?? "GET";
    const route = routes.find(({ methods }) => (methods as readonly string[]).includes(method));
    const path = routes[0]?.path ?? "notfound";
    const attributes = { "http.request.method": method, "http.route": path };
    const work: Work = { name: `${method} ${path}`, kind: "server", attributes };
    const isData = route !== undefined && route.tenant !== "none";
    await (isData ? inTrace : inSpan)(work, async (span) => {
      await this.#answer({ route, routes, method, path, variables }, incoming, outgoing);
      span?.set({ "http.response.status_code": outgoing.statusCode });
    });
  }

  async #answer(
    { route, routes, method, path, variables }: Asked,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const began = performance.now();
    this.#options.metrics?.began(method, path);
    const aborter = this.#aborterOf(outgoing);
    let responseBytes = 0;
    try {
      const answer = route
        ? await this.#handle(route, variables, incoming, aborter.signal)
        : withoutRoute(routes, method);
      responseBytes = await writeBody(incoming, outgoing, answer, this.#writing);
    } catch (thrown) {
      await this.#refuse(route, RatatoskError.from(thrown), incoming, outgoing);
    }
    this.#options.metrics?.done({
      method,
      path,
      status: String(outgoing.statusCode),
      seconds: (performance.now() - began) / 1000,
      requestBytes: Number(incoming.headers["content-length"] ?? 0),
      responseBytes,
    });
  }

  #aborterOf(outgoing: ServerResponse): AbortController {
    const aborter = new AbortController();
    this.#connections.add(aborter);
    outgoing.once("close", () => {
      this.#connections.delete(aborter);
      if (this.#isClosing) setImmediate(() => this.server.closeIdleConnections());
      aborter.abort();
    });
    return aborter;
  }

  async #handle(
    route: Route,
    variables: Readonly<Record<string, string>>,
    incoming: IncomingMessage,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    return route.handle(await this.#read(route, variables, incoming, signal));
  }

  /** Lets the request in, then reads it. */
  async #read(
    route: Route,
    variables: Readonly<Record<string, string>>,
    incoming: IncomingMessage,
    signal: AbortSignal,
  ): Promise<HttpRequest> {
    const user = await this.#options.guard?.admit(route, incoming);
    const tenants = tenantsOf(route, incoming, this.#options);
    return readRequest(route, { variables, tenants, user, signal }, incoming);
  }

  async #refuse(
    route: Route | undefined,
    error: RatatoskError,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    if (error.code === "internal" || error.code === "corrupt") this.#options.onError?.(error);
    if (outgoing.headersSent || outgoing.destroyed) return void outgoing.destroy();
    await writeBody(incoming, outgoing, refusal(error, route), this.#writing).catch(() => outgoing.destroy());
  }

  async #upgrade(
    routes: ReadonlyMap<string, readonly Route[]>,
    incoming: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    socket.on("error", () => socket.destroy());
    const { path } = readPath(incoming.url ?? "/");
    const route = routes.get(path)?.find((candidate) => "upgrade" in candidate);
    if (route?.upgrade === undefined) return refuseUpgrade(socket, notFound);
    nameTenant(incoming, this.#options.origins ?? []);
    const aborter = new AbortController();
    this.#upgraded.add(socket);
    socket.once("close", () => {
      this.#upgraded.delete(socket);
      aborter.abort();
    });
    try {
      await route.upgrade(await this.#read(route, {}, incoming, aborter.signal), socket, head);
    } catch (thrown) {
      refuseUpgrade(socket, refusal(RatatoskError.from(thrown), route));
    }
  }
}

/** A request and the routes of its path; `route` is the one that takes its method. */
interface Asked {
  readonly route: Route | undefined;
  readonly routes: readonly Route[];
  readonly method: string;
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

function listener(
  { readTimeoutMs = 30_000, idleTimeoutMs = 120_000, tls }: HttpServerOptions,
  dispatch: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Server | TlsServer {
  const limits = {
    maxHeaderSize: maxHeaderBytes,
    requestTimeout: readTimeoutMs,
    headersTimeout: Math.min(readTimeoutMs, 30_000),
    keepAliveTimeout: idleTimeoutMs,
    connectionsCheckingInterval: 2000,
    insecureHTTPParser: true, // see framing.ts
  };
  if (tls === undefined) return createServer(limits, dispatch);
  const server = createTlsServer({ ...limits, ...tlsOptions(tls) }, dispatch);
  watchTls(server, tls);
  return server;
}

async function readRequest(
  route: Route,
  known: Pick<HttpRequest, "variables" | "tenants" | "user" | "signal">,
  incoming: IncomingMessage,
): Promise<HttpRequest> {
  const method = incoming.method ?? "GET";
  const [path, search] = splitOnce(incoming.url ?? "/", "?");
  const url = new URLSearchParams(search);
  const query = route.form === true && method === "POST" ? await mergeForm(incoming, url) : url;
  return { ...known, method, path, query, headers: incoming.headers, body: incoming };
}

function traced<T>({ headers }: IncomingMessage, run: () => T): T {
  const { traceparent } = headers;
  return withTrace(Array.isArray(traceparent) ? undefined : traceparent, run);
}

/** A known path that does not take the method; Loki knows no DELETE on paths that are read. */
function withoutRoute(routes: readonly Route[], method: string): HttpResponse {
  const isRead = routes.some(({ methods }) => methods.includes("GET") && methods.includes("POST"));
  return routes.length === 0 || (isRead && method === "DELETE") ? notFound : { status: 405 };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
