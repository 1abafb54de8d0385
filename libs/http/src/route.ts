import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Right } from "@ratatosk/access";

/** A request as a handler sees it. */
export interface HttpRequest {
  readonly method: string;
  /** The decoded path, without the query string. */
  readonly path: string;
  /** Variables of the route's path (`/label/:name/values`), percent-decoded. */
  readonly variables: Readonly<Record<string, string>>;
  /** Parameters of the URL, and of a form body where the route reads forms. */
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The tenants of `X-Scope-OrgID`: one, unless the route lets several in. Empty on routes without a tenant. */
  readonly tenants: readonly string[];
  /** Who asks, where the server asks for credentials. */
  readonly user?: string | undefined;
  /** Aborted once the request is over: answered, given up by the client, or cut off as the server stops. */
  readonly signal: AbortSignal;
  /** The body, unread (unless the route reads forms). */
  readonly body: IncomingMessage;
}

/** What a handler answers. A body that is an AsyncIterable is sent piece by piece. */
export interface HttpResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array | string>;
}

/** One path of the HTTP API. */
export interface Route {
  readonly methods: readonly ("GET" | "POST" | "PUT" | "DELETE")[];
  /** `/loki/api/v1/label/:name/values` */
  readonly path: string;
  /** Whose data it touches: nobody's, one tenant's, or (reads) several tenants'. */
  readonly tenant: "none" | "one" | "many";
  /** What whoever asks must be allowed to; else `read` where GET reads of a tenant, `manage` where it does not, nothing without a tenant. */
  readonly right?: Right;
  /** A POST form body is read and merged into `query`. */
  readonly form?: boolean;
  /** How errors are written: text with or without a newline at its end, see `spec` "Error bodies". */
  readonly errors: "text" | "text-line";
  /** Bodies are large and many (pushes): node:http serves the path itself, before the router. Only for paths without variables. */
  readonly bulk?: boolean;
  handle(request: HttpRequest): Promise<HttpResponse> | HttpResponse;
  /** Takes over the connection of a websocket request. Throws before it answers to refuse. */
  upgrade?(request: HttpRequest, socket: Duplex, head: Buffer): Promise<void> | void;
}
