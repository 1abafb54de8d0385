import type { HttpRequest, HttpResponse, Route } from "@ratatosk/http";
import { RatatoskError } from "@ratatosk/model";
import { type ClientOptions, headersOf, send } from "../client/api.ts";
import { assertOwnPage } from "./own-page.ts";
import { tunnel } from "./tunnel.ts";

export interface ForwardModules {
  /** Where to, and who asks where the browser says nothing of it. */
  readonly options: ClientOptions;
  /** The host that was told to be listened on. */
  readonly host: string;
}

const api = "/loki/api/v1";

/** What is only read of Loki's API: nothing is written or deleted through here. */
const paths = [
  "query",
  "query_range",
  "labels",
  "label/:name/values",
  "series",
  "index/stats",
  "index/volume",
  "index/volume_range",
  "detected_labels",
  "detected_fields",
  "detected_field/:name/values",
  "patterns",
  "format_query",
  "status/buildinfo",
].map((path) => `${api}/${path}`);
const operations = ["/ready", "/metrics", "/services", "/config", "/config/tenant/v1/limits"];
const members = ["/members", "/members/:address/:page"];

/** Routes that ask another server the same and hand its answer on as it comes. */
export function forwardRoutes(modules: ForwardModules): Route[] {
  const forward = (path: string): Route => ({
    methods: ["GET"],
    path,
    tenant: "none",
    errors: "text-line",
    handle: (request) => ask(modules, path, request),
  });
  const tail: Route = {
    ...forward(`${api}/tail`),
    upgrade(request, socket, head) {
      assertOwnPage(request.headers, modules.host);
      const url = `${modules.options.url.replace(/\/$/, "")}${api}/tail?${request.query.toString()}`;
      return tunnel(url, { headers: askedBy(modules.options, request), request, socket, head });
    },
  };
  return [...[...paths, ...operations, ...members].map(forward), tail, noPush(modules)];
}

/** Says where lines are sent instead. */
const noPush = ({ options }: ForwardModules): Route => ({
  methods: ["POST"],
  path: `${api}/push`,
  tenant: "none",
  errors: "text-line",
  handle() {
    throw new RatatoskError("forbidden", `this only shows logs: send lines to ${options.url}`);
  },
});

/** Headers of a request that mean something to the other server. */
const passedOn = ["accept", "content-type", "x-loki-response-encoding-flags", "x-query-tags", "x-scope-orgid"];
/** Headers of an answer that mean something to the browser. */
const passedBack = ["Content-Type", "Retry-After", "WWW-Authenticate"];

async function ask({ options, host }: ForwardModules, path: string, request: HttpRequest): Promise<HttpResponse> {
  assertOwnPage(request.headers, host);
  const init = { headers: askedBy(options, request), signal: request.signal, redirect: "manual" as const };
  const search = request.query.size === 0 ? "" : `?${request.query.toString()}`;
  const answer = await send(options, filled(path, request.variables) + search, init).catch((thrown: Error) => {
    if (request.signal.aborted) throw new RatatoskError("cancelled", "the browser has gone", { cause: thrown });
    throw new RatatoskError("unavailable", thrown.message, { cause: thrown, status: 502 });
  });
  const headers: Record<string, string> = { "X-Content-Type-Options": "nosniff" };
  for (const name of passedBack) {
    const value = answer.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  if (answer.status >= 300 && answer.status < 400) throw elsewhere(options, answer);
  return { status: answer.status, headers, ...(answer.body !== null && { body: answer.body }) };
}

/** The path with its variables put in; they stay within their place. */
function filled(path: string, variables: HttpRequest["variables"]): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = variables[name] ?? "";
    if (/^\.*$/.test(value)) throw new RatatoskError("bad_request", `invalid name ${JSON.stringify(value)}`);
    return encodeURIComponent(value);
  });
}

/** What the browser says of who asks counts before what the options say, except for credentials. */
function askedBy(options: ClientOptions, { headers }: HttpRequest): Record<string, string> {
  const own = headersOf(options);
  const passed = own["Authorization"] === undefined ? [...passedOn, "authorization"] : passedOn;
  if (headers["x-scope-orgid"] !== undefined) delete own["X-Scope-OrgID"];
  return { ...own, ...Object.fromEntries(passed.flatMap((name) => header(name, headers[name]))) };
}

function header(name: string, value: string | string[] | undefined): [string, string][] {
  if (typeof value !== "string" || value === "") return [];
  if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw new RatatoskError("bad_request", `invalid header ${name}`);
  return [[name, value]];
}

function elsewhere({ url }: ClientOptions, answer: Response): RatatoskError {
  const place = answer.headers.get("Location") ?? "elsewhere";
  void answer.body?.cancel();
  return new RatatoskError("unavailable", `${url} leads to ${place}: start this with --url of that`, { status: 502 });
}
