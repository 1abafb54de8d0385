import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { noAuthTenant, parseTenants, RatatoskError } from "@ratatosk/model";
import type { HttpRequest, HttpResponse, Route } from "./route.ts";
import { httpStatus } from "./status.ts";
import { writeBody } from "./write-body.ts";

export interface HttpServerOptions {
  readonly routes: readonly Route[];
  readonly authEnabled: boolean;
  readonly multiTenantQueries: boolean;
  /** Called once a request is answered, with its route's path (`other` when none matched). */
  readonly onRequest?: (event: { method: string; path: string; status: number; seconds: number }) => void;
  /** Called with an error whose cause the client is not told. */
  readonly onError?: (error: RatatoskError) => void;
}

interface CompiledRoute {
  readonly route: Route;
  readonly segments: readonly string[];
}

const maxFormBytes = 10 * 1024 * 1024;

/** The HTTP server of a process: finds the route, the tenant, and turns errors into Loki's answers. */
export class HttpServer {
  readonly server: Server;
  readonly #options: HttpServerOptions;
  readonly #exact = new Map<string, Route[]>();
  readonly #patterns: CompiledRoute[] = [];

  constructor(options: HttpServerOptions) {
    this.#options = options;
    for (const route of options.routes) {
      if (route.path.includes(":")) this.#patterns.push({ route, segments: route.path.split("/") });
      else this.#exact.set(route.path, [...(this.#exact.get(route.path) ?? []), route]);
    }
    this.server = createServer((request, response) => void this.#serve(request, response));
  }

  async listen(port: number, host: string): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.server.once("error", reject).listen(port, host, resolve);
    });
    return this.server.address() as AddressInfo;
  }

  /** Takes no new connections, waits `graceMs` for requests under way, then cuts them. */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const timer = setTimeout(() => this.server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const began = performance.now();
    const aborter = new AbortController();
    outgoing.once("close", () => {
      if (!outgoing.writableFinished) aborter.abort();
    });
    const url = new URL(incoming.url ?? "/", "http://host");
    const found = this.#find(incoming.method ?? "GET", url.pathname);
    try {
      const answer =
        "status" in found ? found : await this.#handle(found.route, found.variables, incoming, url, aborter.signal);
      await writeBody(incoming, outgoing, answer);
    } catch (thrown) {
      await this.#refuse("route" in found ? found.route : undefined, RatatoskError.from(thrown), incoming, outgoing);
    }
    this.#options.onRequest?.({
      method: incoming.method ?? "GET",
      path: "route" in found ? found.route.path : "other",
      status: outgoing.statusCode,
      seconds: (performance.now() - began) / 1000,
    });
  }

  #find(method: string, path: string): { route: Route; variables: Record<string, string> } | HttpResponse {
    const segments = path.split("/");
    const known = [
      ...(this.#exact.get(path) ?? []).map((route) => ({ route, variables: {} })),
      ...this.#patterns.flatMap(({ route, segments: pattern }) => matchPath(route, pattern, segments)),
    ];
    const match = known.find(({ route }) => (route.methods as readonly string[]).includes(method));
    if (match) return match;
    return known.length > 0
      ? { status: 405 }
      : {
          status: 404,
          headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
          body: "404 page not found\n",
        };
  }

  async #handle(
    route: Route,
    variables: Record<string, string>,
    incoming: IncomingMessage,
    url: URL,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const query = url.searchParams;
    if (route.form === true && incoming.method === "POST") await mergeForm(incoming, query);
    const request: HttpRequest = {
      method: incoming.method ?? "GET",
      path: url.pathname,
      variables,
      query,
      headers: incoming.headers,
      tenants: this.#tenants(route, incoming),
      signal,
      body: incoming,
    };
    return route.handle(request);
  }

  #tenants(route: Route, incoming: IncomingMessage): readonly string[] {
    if (route.tenant === "none") return [];
    if (!this.#options.authEnabled) return [noAuthTenant];
    const header = incoming.headers["x-scope-orgid"];
    if (typeof header !== "string" || header === "") throw new RatatoskError("unauthenticated", "no org id");
    const tenants = parseTenants(header);
    if (tenants.length > 1 && (route.tenant === "one" || !this.#options.multiTenantQueries))
      throw new RatatoskError("bad_request", "multiple org IDs present");
    return tenants;
  }

  async #refuse(
    route: Route | undefined,
    error: RatatoskError,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    if (error.code === "internal" || error.code === "corrupt") this.#options.onError?.(error);
    if (outgoing.headersSent) {
      outgoing.destroy();
      return;
    }
    const headers: Record<string, string> = {
      "Content-Type": "text/plain; charset=utf-8",
      "X-Content-Type-Options": "nosniff",
    };
    if (error.code === "unavailable" || error.code === "limit_exceeded") headers["Retry-After"] = "1";
    await writeBody(incoming, outgoing, {
      status: httpStatus(error),
      headers,
      body: route?.errors === "text-line" ? `${error.message}\n` : error.message,
    }).catch(() => outgoing.destroy());
  }
}

function matchPath(
  route: Route,
  pattern: readonly string[],
  segments: readonly string[],
): { route: Route; variables: Record<string, string> }[] {
  if (pattern.length !== segments.length) return [];
  const variables: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    if (part.startsWith(":")) variables[part.slice(1)] = decode(segments[i]!);
    else if (part !== segments[i]) return [];
  }
  return [{ route, variables }];
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

async function mergeForm(incoming: IncomingMessage, query: URLSearchParams): Promise<void> {
  if (!(incoming.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")) return;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxFormBytes) throw new RatatoskError("too_large", "http: request body too large");
    parts.push(part);
  }
  for (const [name, value] of new URLSearchParams(Buffer.concat(parts).toString())) query.append(name, value);
}
